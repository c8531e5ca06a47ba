"""What was typed into a form: kept as typed, with what is wrong and what to do beside each field."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

LONGEST = 200  # characters of one field; the registers have tighter limits of their own


@dataclass
class Filled:
    """The values of a form by name. Reading one that does not fit puts a sentence into `faults` and gives nothing."""

    values: Mapping[str, str]
    faults: dict[str, str] = field(default_factory=dict)

    def text(self, name: str, *, needed: bool = False) -> str:
        """One line."""
        said = self.values.get(name, "").strip()
        if needed and not said:
            self.faults[name] = _("请填写这一项")
        elif len(said) > LONGEST:
            self.faults[name] = _("太长了：最多 %(n)d 字") % {"n": LONGEST}
            return ""
        return said

    def choice(self, name: str, known: Mapping[str, object]) -> str:
        """One of the words that were offered."""
        said = self.text(name)
        if said not in known:
            self.faults[name] = _("请从列出的几项中选一项")
            return ""
        return said

    def day(self, name: str, *, needed: bool = False) -> dt.date | None:
        """A day; None where none was given."""
        said = self.text(name, needed=needed)
        try:
            return dt.date.fromisoformat(said) if said else None
        except ValueError:
            self.faults[name] = _("请写成 2026-01-01 这样的日期")
            return None

    def number(self, name: str) -> int | None:
        """The number of something that was offered; None where nothing was chosen."""
        said = self.text(name)
        if not said:
            return None
        if not (said.isascii() and said.isdecimal() and len(said) <= 9):
            self.faults[name] = _("请从列出的几项中选一项")
            return None
        return int(said)
