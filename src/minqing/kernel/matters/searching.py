"""Search over the masked copies: the index holds keyed marks of words and areas, never a word.

One function of the database searches and filters by the scope itself: under row security the index of words could not
serve. An area's own mark narrows the search to it; a unit's search walks what it ever had a part in.
"""

from __future__ import annotations

from django.db import connection

from minqing.kernel.matters import ports
from minqing.registers.accounts.rules import Scope
from minqing.registers.vault.sealing import word_mark

_AREAS = ("town", "village", "region")


def marks_of(text: str) -> list[str]:
    """The marks of the words of a text."""
    return sorted({word_mark(word) for word in ports.cut(text)})


def find(scope: Scope, words: str, before: int, many: int) -> list[int]:
    """Numbers of matters with all these words that the scope sees, newest first, below `before`; inside that scope's
    transaction. Words that nobody cuts (signs, blanks) find nothing."""
    marks = marks_of(words)
    if not marks:
        return []
    area = [f"#{scope.key}"] if scope.level in _AREAS else []
    query = " & ".join(f"'{mark}'" for mark in (*marks, *area))
    with connection.cursor() as cursor:
        unit = scope.key if scope.level == "unit" else None
        cursor.execute("select * from matters_find(%s, %s, %s, %s)", [query, unit, before, many])
        return [row[0] for row in cursor.fetchall()]
