"""Words that every method knows."""

from __future__ import annotations

from minqing.kernel.methods.model import ENDS as KNOWN
from minqing.kernel.methods.words import ENDS


def test_every_end_has_its_words_in_both_tongues_and_no_two_the_same() -> None:
    assert tuple(ENDS) == KNOWN
    for tongue in (0, 1):
        assert len({words[tongue] for words in ENDS.values()}) == len(KNOWN)


def test_an_end_without_a_call_names_both_of_its_reasons() -> None:
    """Sampling, or the reporter's wish: the word must be true of either."""
    assert all(word in ENDS["not_called"][0] for word in ("抽", "不愿"))
    assert all(word in ENDS["not_called"][1] for word in ("sampling", "wish"))
