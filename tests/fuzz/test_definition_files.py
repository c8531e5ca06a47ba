"""Definition files spoilt in their build and in their bytes: taken, or refused in sentences with their lines.

tests/methods/test_damage.py spoils lines of method files; here values become other kinds, and the bytes are spoilt, of
every kind of definition file there is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import strategies as some
from tests.fuzz.damage import FRAGMENTS, billion_laughs, bytes_gone_wrong, definitions_gone_wrong
from tests.fuzz.fuzzing import Fuzz

from minqing.base.definitions import DefinitionErrors
from minqing.base.errors import BadInput
from minqing.doors.exchange.mapping import read_map
from minqing.insight.twin.settings import settings_in
from minqing.kernel.clock.laws import LAWS_FILE, read_laws
from minqing.kernel.methods.loader import load_method
from minqing.tools.notice.settings_file import load
from minqing.wiring.vocabulary import VOCABULARY

ROOT = Path(__file__).resolve().parents[2]
METHODS = sorted((ROOT / "methods").glob("*.yaml"))
MAPPING = next(iter(sorted((ROOT / "maps").glob("*.yaml")))).read_text("utf-8")
NOTICES = """
from: 演示县
phone: 0579-00000000
site: https://example.invalid
language: zh
quiet: {from: "21:00", to: "08:00"}
email: {host: localhost, port: "2525", security: none, sender: a@example.invalid}
sms: {url: "https://example.invalid/sms", header: {Authorization: x}, body: {to: "{to}", text: "{text}"}}
"""
SCENARIO = "seed: 7\ndays: 30\nlimits:\n  grid: 2d\nstaff: {grid: 3, town: 2}\n"


@dataclass(frozen=True)
class Kind:
    """A kind of definition file: one that is sound, and what reads it."""

    name: str
    sound: str
    read: Callable[[Path], object]


KINDS = (
    *(Kind(one.stem, one.read_text("utf-8"), lambda path: load_method(path, VOCABULARY)) for one in METHODS[:2]),
    Kind("mapping", MAPPING, read_map),
    Kind("laws", LAWS_FILE.read_text("utf-8"), read_laws),
    Kind("notices", NOTICES, load),
    Kind("scenario", SCENARIO, settings_in),
)


def taken_or_told(kind: Kind, path: Path, content: bytes) -> bool:
    """Whether it was taken; else every complaint has its line and its sentence."""
    path.write_bytes(content)
    try:
        kind.read(path)
    except DefinitionErrors as refused:
        lines = content.count(b"\n") + content.count(b"\r") + 2
        assert refused.complaints
        assert all(1 <= one.line <= lines and one.text.strip() for one in refused.complaints)
        return False
    except BadInput as refused:
        assert str(refused).strip()
        return False
    return True


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_definition_file_of_wrong_kinds_is_taken_or_told(kind: Kind, fuzz: Fuzz, tmp_path: Path) -> None:
    outcomes: list[bool] = []

    def holds(text: str) -> None:
        outcomes.append(taken_or_told(kind, tmp_path / "x.yaml", text.encode("utf-8", "surrogatepass")))

    fuzz(definitions_gone_wrong(kind.sound), holds, few=6, many=400)
    assert not all(outcomes), "damage is never seen"


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_definition_file_of_wrong_bytes_is_taken_or_told(kind: Kind, fuzz: Fuzz, tmp_path: Path) -> None:
    whole = kind.sound.encode()

    def holds(content: bytes) -> None:
        taken_or_told(kind, tmp_path / "x.yaml", content)

    fuzz(bytes_gone_wrong(whole), holds, few=6, many=400)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_bombs_and_objects_in_a_definition_file_are_refused(kind: Kind, fuzz: Fuzz, tmp_path: Path) -> None:
    whole = [
        billion_laughs(), "{" * 100_000, "[" * 260_000, "a: &a {b: *a}", "- " * 50_000, "? " * 50_000,
        "a: !!python/object/apply:os.system ['true']", kind.sound + "\n" + kind.sound, kind.sound * 200,
        "\n".join(f"k{n}: v" for n in range(20_000)), "x: " + "9" * 200_000, '"' + "\\n" * 100_000, "a: 'b", "%TAG ! x",
        *(f"{fragment}: {fragment}" for fragment in FRAGMENTS),
    ]  # fmt: skip

    def holds(text: str) -> None:
        taken = taken_or_told(kind, tmp_path / "x.yaml", text.encode("utf-8", "surrogatepass"))
        assert not taken or kind.name == "scenario"  # which holds what it is given, and is checked by who uses it

    fuzz(some.sampled_from(whole), holds, few=12, many=len(whole) * 2, megabytes=150)
