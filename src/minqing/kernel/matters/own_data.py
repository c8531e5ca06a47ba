"""What a resident may have done with what is kept of their own matter: a copy of all of it, and its destruction.

Proof is the matter's code, its secret and the last four digits of the phone on record, counted as in `public`: whoever
left no phone comes to the counter. An open matter is not erased. 个人信息保护法第四十五条、第四十七条。
"""

from __future__ import annotations

from io import BytesIO

from django.db import transaction

from minqing.kernel.matters.public import check_digits, let_in
from minqing.kernel.matters.reading import read_one
from minqing.registers.accounts.rules import HOUSE
from minqing.registers.accounts.scoping import seen_by
from minqing.registers.vault.copies import export_matters
from minqing.registers.vault.rights import Erased, erase_subjects

_COPY = "本人凭编码、密码和电话后四位在网上索取副本"
_ERASE = "本人凭编码、密码和电话后四位在网上要求删除"
_BY = "secret+phone"  # by what whoever asked was known, as the line of an erasure holds it


def copy_own(code: str, secret: str, digits: str, address: str) -> bytes:
    """A ZIP of all words and files kept of the matter; each has a line in the access stream before it is opened."""
    plain = _proven(code, secret, digits, address)
    packed = BytesIO()
    with transaction.atomic(), seen_by(HOUSE):
        export_matters([plain], _COPY, packed)
    return packed.getvalue()


def erase_own(code: str, secret: str, digits: str, address: str) -> Erased:
    """Destroys everything sealed of the matter; raises Conflict while it is open. The journal, without words, stays."""
    plain = _proven(code, secret, digits, address)
    with transaction.atomic(), seen_by(HOUSE):
        (erased,) = erase_subjects([plain], _ERASE, why=_BY)
    return erased


def _proven(code: str, secret: str, digits: str, address: str) -> str:
    """The code as it is stored, once all three fit; else NotAllowed, in the words of `public`."""
    viewer = let_in(code, secret, address)
    plain = viewer.scope.only
    check_digits(viewer, read_one(viewer.scope, plain), digits)
    return plain
