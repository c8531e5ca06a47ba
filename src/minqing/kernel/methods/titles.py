"""What a thing of a method file is called: in Chinese always, in English where the county wrote it.

Who reads English and finds none reads the Chinese. A title is said to people and is never a key: things are known by
their slugs, choices of a form by their Chinese word.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Title:
    """A name in two tongues; `english` is empty where the file gives none. In a sentence it stands in Chinese."""

    zh: str
    english: str = ""

    @property
    def en(self) -> str:
        """In English, or as it is where there is none."""
        return self.english or self.zh

    def said(self, lang: str) -> str:
        """In the tongue of whoever reads."""
        return self.en if lang == "en" else self.zh

    def __str__(self) -> str:
        return self.zh


def said(name: Title | str, lang: str) -> str:
    """A title in that tongue; a name that has only one, of a unit or a person, as it is."""
    return name if isinstance(name, str) else name.said(lang)
