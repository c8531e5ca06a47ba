"""Checks a method as a whole, beyond what its single lines can show; each check is a small module beside this one."""

from __future__ import annotations

from minqing.base.definitions import Reading
from minqing.kernel.methods.model import Method
from minqing.kernel.methods.vocabulary import Vocabulary


def check(method: Method, reading: Reading, vocabulary: Vocabulary) -> None:
    """Complains of everything that would go wrong when the method runs."""
