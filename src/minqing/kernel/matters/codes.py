"""The code of a matter: `K7M2-9QX7`, readable over the phone, with a check character, not guessable in a row.

29 characters: no 0 and O, 1 I and L, U and V. 29 is prime, so the weighted sum finds any one wrong character and any
two exchanged. Seven characters are random (17 billion codes): nobody finds the next one by counting.
"""

from __future__ import annotations

import re
import secrets
import unicodedata

from minqing.base.errors import BadInput

ALPHABET = "23456789ABCDEFGHJKMNPQRSTWXYZ"
_VALUE = {character: value for value, character in enumerate(ALPHABET)}
_LENGTH = 8


def new_code() -> str:
    """A fresh random code; the database says whether it is taken."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(_LENGTH - 1))
    return _grouped(body + _check(body))


def clean_code(spoken: str) -> str:
    """The code as it is stored, from what was typed or heard: small letters, blanks, any dash, full width."""
    plain = re.sub(r"[\s\-_.·—–－,，]+", "", unicodedata.normalize("NFKC", spoken[:60])).upper()
    strange = [character for character in plain if character not in _VALUE]
    if strange and plain.isalnum() and plain.isascii():
        raise BadInput(f"编码里没有“{strange[0]}”（0 和 O、1 和 I、L、U、V 都不用）：请再核对一遍。")
    if strange or len(plain) != _LENGTH:
        raise BadInput("编码是 8 个字母和数字，例如 K7M2-9QX7：请再核对一遍。")
    if _check(plain[:-1]) != plain[-1]:
        raise BadInput(f"编码 {_grouped(plain)} 有一处不对（听错、写错或前后颠倒）：请再核对一遍。")
    return _grouped(plain)


def _check(body: str) -> str:
    """The character that makes the weighted sum vanish: weights 1..7 for the body, 8 for the check itself."""
    total = sum(weight * _VALUE[character] for weight, character in enumerate(body, 1))
    return ALPHABET[(-total * pow(_LENGTH, -1, 29)) % 29]


def _grouped(plain: str) -> str:
    return f"{plain[:4]}-{plain[4:]}"
