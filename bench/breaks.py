"""`python -m bench.breaks [WORDS …]`: breaks each line that keeps a promise and sees whether its test notices.

What is broken stands in breaks.toml: a test, a file, a line that stands in it once, and what is put in its place. The
repository is copied; in the copy the test is run whole, then with the line broken; nothing here is touched. A test that
does not pass whole, that passes broken, or that cannot even be read then (a break is to be wrong, not unreadable)
counts as not shown. Words choose the rows whose test or file holds one of them. What came of the others last time stays
in results/breaks.json, each with its day, as long as their row is the same.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from xml.etree import ElementTree

import click

from minqing.base import moments

ROOT = Path(__file__).resolve().parents[1]
TABLE = Path(__file__).with_name("breaks.toml")
RESULTS = Path(__file__).with_name("results") / "breaks.json"
LINKED = (".venv", "node_modules", "build")  # made by `make setup`, read only
PASSED, FAILED = 0, 1  # exit codes of pytest; any other means that nothing was tested
ERRED = -3  # what a test stands on broke, not the test
PATIENCE = 900  # seconds a test may take


@dataclass(frozen=True)
class Break:
    """One line of the product and the test that guards it."""

    test: str
    file: str
    line: str
    broken: str


@dataclass(frozen=True)
class Outcome:
    """Exit codes of the test, whole and broken."""

    test: str
    file: str
    line: str
    broken: str
    whole: int
    after: int
    day: str

    @property
    def shown(self) -> bool:
        """Whether the test passed, and failed as soon as the line was broken."""
        return (self.whole, self.after) == (PASSED, FAILED)


def table(path: Path = TABLE) -> list[Break]:
    """The rows of breaks.toml."""
    return [Break(**row) for row in tomllib.loads(path.read_text("utf-8"))["break"]]


def copied(folder: Path) -> Path:
    """What git knows of, and what was made of it, in a folder of its own."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        check=True,
    ).stdout
    there = {Path(name) for name in listed.decode().split("\0") if name}
    there |= {path.relative_to(ROOT) for path in (ROOT / "src").rglob("*.mo")}
    for name in sorted(there - {Path(name) for name in LINKED}):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    for made in LINKED:
        (folder / made).symlink_to((ROOT / made).resolve())
    return folder


def tried(folder: Path, row: Break) -> Outcome:
    """Runs the test twice in a copy; the line stands again afterwards."""
    place = folder / row.file
    text = place.read_text("utf-8")
    if text.count(row.line) != 1:
        raise SystemExit(f"{row.file} holds {text.count(row.line)} times, not once: {row.line}")
    whole = _run(folder, row.test)
    place.write_text(text.replace(row.line, row.broken), "utf-8")
    after = _run(folder, row.test) if whole == PASSED else -1
    place.write_text(text, "utf-8")
    return Outcome(**asdict(row), whole=whole, after=after, day=moments.today().isoformat())


def _run(folder: Path, test: str) -> int:
    """PASSED, FAILED where a test said no, or another number: it could not even be asked."""
    paths = os.pathsep.join([str(folder / "src"), str(folder)])
    report = folder / "report.xml"
    report.unlink(missing_ok=True)
    words = [sys.executable, "-m", "pytest", "-q", f"--junitxml={report}", test]
    try:
        code = subprocess.run(
            words, cwd=folder, env=os.environ | {"PYTHONPATH": paths}, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, timeout=PATIENCE,
        ).returncode  # fmt: skip
    except subprocess.TimeoutExpired:
        return -2
    if code != FAILED:
        return code
    suite = next(ElementTree.parse(report).iter("testsuite"))
    return FAILED if int(suite.get("failures", "0")) else ERRED


def results() -> dict[str, dict[str, object]]:
    """What came of each row last, by its test; rows that were written anew since are not among them."""
    kept = json.loads(RESULTS.read_text("utf-8")) if RESULTS.exists() else []
    rows = {row.test: asdict(row) for row in table()}
    return {
        one["test"]: one for one in kept if rows.get(one["test"], {}).items() <= one.items() and one["test"] in rows
    }


def _keep(outcomes: Sequence[Outcome]) -> None:
    told = results() | {one.test: asdict(one) | {"shown": one.shown} for one in outcomes}
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps([told[test] for test in sorted(told)], ensure_ascii=False, indent=1) + "\n", "utf-8")


def main(words: list[str]) -> int:
    """Exit code 1 where a row is not shown."""
    rows = [row for row in table() if not words or any(word in row.test or word in row.file for word in words)]
    outcomes: list[Outcome] = []
    with tempfile.TemporaryDirectory(prefix="minqing-breaks-") as temporary:
        folder = Path(temporary)
        folder.chmod(0o711)  # PostgreSQL runs as another account
        copied(folder)
        for row in rows:
            outcomes.append(tried(folder, row))
            shown = "shown" if outcomes[-1].shown else f"NOT SHOWN {outcomes[-1].whole}, {outcomes[-1].after}"
            click.echo(f"{shown}: {row.test}")
            _keep(outcomes)
    return 0 if all(one.shown for one in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
