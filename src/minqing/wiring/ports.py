"""Which tool stands behind which port of kernel and accounts. The reader is built when the first text is read."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from functools import cache
from typing import Any

from minqing.base.postgres import home_folder
from minqing.kernel.matters import ports
from minqing.kernel.matters.ports import Suggestion
from minqing.registers.accounts import ports as accounts
from minqing.tools.notice import ports as notice
from minqing.wiring.contacts import VaultContacts
from minqing.wiring.vocabulary import VOCABULARY

MODEL_FILE = "text-model.npz"  # in the data folder; written by `minqing text train`


def bind_ports() -> None:
    """Binds every port; called once by the roof before a door opens."""
    ports.bind(reader=read_texts, repeats=find_repeats, vocabulary=VOCABULARY, cutter=cut_words)
    notice.bind(VaultContacts())
    accounts.bind(names_somebody)


def read_texts(texts: Sequence[tuple[str, str]]) -> list[Suggestion]:
    """The kernel's port `Reader`, played by tools/text."""
    return [_for_kernel(read) for read in _reader().read_many(texts)]


def cut_words(text: str) -> tuple[str, ...]:
    """The kernel's port `Cutter`, played by tools/text."""
    cut: tuple[str, ...] = importlib.import_module("minqing.tools.text.reader").search_words(text)
    return cut


def names_somebody(words: str) -> bool:
    """The accounts' port `NamesSomebody`, played by tools/text: what the masker would change."""
    masker = importlib.import_module("minqing.tools.text.mask")
    return bool(masker.mask(words) != masker.clean(words))


def find_repeats(texts: Sequence[str], places: Sequence[int]) -> list[tuple[tuple[int, ...], tuple[int, ...], str]]:
    """The kernel's port `Repeats`, played by tools/text."""
    found = importlib.import_module("minqing.tools.text.repeats")
    groups = found.find_repeats(texts, places)
    alike = [member for group in groups for member in group.members]
    same = dict(
        zip(alike, (alike[first] for first in found.near_identical([texts[one] for one in alike])), strict=True)
    )
    return [(group.members, tuple(same[member] for member in group.members), group.why) for group in groups]


def _for_kernel(read: Any) -> Suggestion:
    return Suggestion(
        category=read.category,
        tags=read.tags,
        against=read.against,
        masked_title=read.masked_title,
        masked_text=read.masked_text,
        reasons=tuple(reason.why for reason in read.reasons),
        words=importlib.import_module("minqing.tools.text.reader").search_words(
            f"{read.masked_title}\n{read.masked_text}"
        ),
    )


@cache
def _reader() -> Any:
    # Loaded when the first text is read: numpy and the segmenter take a second that `clock due` should not wait for.
    reader = importlib.import_module("minqing.tools.text.reader")
    models = importlib.import_module("minqing.tools.text.model_file")
    trained = home_folder() / MODEL_FILE
    return reader.TextReader(model=models.load_model(trained) if trained.exists() else None)
