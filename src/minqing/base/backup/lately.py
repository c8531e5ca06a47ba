"""When the last backup was made, kept in the home and never in a backup: a restored instance has none of its own yet.

Real time, whatever the clock of the instance is shifted to. A file that cannot be read counts as none.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from pathlib import Path

from minqing.base import moments

STAMP = ".last-backup.json"  # names with a dot in front are left out of backups
BORN = Path("keys", "roots.pem")  # made once, at the first `minqing init` or by a restore
TOO_OLD = dt.timedelta(hours=26)  # one a night, and two hours for it


@dataclass(frozen=True)
class Stamp:
    """A backup that succeeded; `keys`: they were copied with it."""

    taken: dt.datetime
    keys: bool


def note_backup(home: Path, *, keys: bool) -> None:
    """Writes the stamp, whole or not at all; readable for whoever watches. OSError where the home takes no file."""
    told = {"taken": _now().isoformat(), "keys": keys}
    fresh = home / f"{STAMP}.new"
    fresh.write_text(json.dumps(told) + "\n")
    fresh.chmod(0o644)
    fresh.replace(home / STAMP)


def last_backup(home: Path) -> Stamp | None:
    """The last one, or None."""
    try:
        told = json.loads((home / STAMP).read_text())
        return Stamp(moments.in_china(dt.datetime.fromisoformat(told["taken"])), bool(told["keys"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def age_of(stamp: Stamp) -> dt.timedelta:
    """Since when there was none; never negative."""
    return max(_now() - stamp.taken, dt.timedelta(0))


def is_new(home: Path) -> bool:
    """Whether the instance is too young to owe a backup, or is none yet."""
    try:
        made = (home / BORN).stat().st_mtime
    except OSError:
        return True
    return _now().timestamp() - made < TOO_OLD.total_seconds()


def _now() -> dt.datetime:
    return moments.now() - moments.shift()
