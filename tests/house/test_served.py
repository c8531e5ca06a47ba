"""What runs on a served PostgreSQL too: of the rooms that speak to the database, each file whose tests do so by
themselves. A file of pages or rules needs no second run."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("base/ledger", "registers", "kernel/matters", "tools/notice", "insight")
SPEAKS = re.compile(r"\b(own_database|module_database|psycopg)\b|\bcursor\(|\.execute\(")


def served() -> set[Path]:
    """The files that .ci/served names, as its shell reads them."""
    named = re.search(r"^files=\(\n.*?^\)", (ROOT / ".ci" / "served").read_text(), re.MULTILINE | re.DOTALL)
    assert named, "no list of files"
    script = f'{named[0]}\nprintf "%s\\n" "${{files[@]}}"'
    said = subprocess.run(["bash", "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    return {ROOT / line for line in said.stdout.splitlines()}


def test_every_file_whose_tests_speak_to_the_database_runs_on_a_served_one_too() -> None:
    files = (file for room in ROOMS for file in (ROOT / "src" / "minqing" / room).rglob("test_*.py"))
    assert {file for file in files if SPEAKS.search(file.read_text())} - served() == set()


def test_what_is_to_run_on_a_served_one_is_there() -> None:
    assert [file for file in served() if not file.is_file()] == []
