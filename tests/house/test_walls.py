"""What imports cannot show: the walls of the house, checked on the source itself."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "minqing"
FLOORS = ("base", "registers", "kernel", "tools", "work", "insight", "doors", "wiring", "settings")
VAGUE = {"utils", "helpers", "common", "misc", "core", "extras", "manager", "managers", "services", "handlers"}


def _modules() -> list[Path]:
    return [path for path in SOURCE.rglob("*.py") if "migrations" not in path.parts]


def _production() -> list[Path]:
    return [path for path in _modules() if "tests" not in path.parts]


@pytest.mark.parametrize("package", sorted({path.parent for path in _production()}), ids=lambda p: p.name)
def test_every_room_introduces_itself(package: Path) -> None:
    if package.name == "data":
        return
    start = package / "__init__.py"
    assert start.exists(), f"{package.relative_to(ROOT)} has no __init__.py"
    assert ast.get_docstring(ast.parse(start.read_text("utf-8"))), f"{start.relative_to(ROOT)} says nothing of itself"


def test_no_file_is_named_after_nothing() -> None:
    vague = [path for path in _modules() if VAGUE & {path.stem, *path.relative_to(SOURCE).parts}]
    assert vague == []


def test_no_file_passes_four_hundred_lines_and_no_function_fifty() -> None:
    long = []
    for path in _production():
        text = path.read_text("utf-8")
        if text.count("\n") > 400:
            long.append(f"{path.relative_to(ROOT)}: {text.count(chr(10))} lines")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef) and node.end_lineno and node.end_lineno - node.lineno >= 50:
                long.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name}")
    assert long == []


def test_nothing_listens_behind_a_write() -> None:
    """No signal receivers and no save() overrides: what a write does must be readable where it is written."""
    found = []
    for path in _production():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("django.db.models.signals"):
                found.append(f"{path.relative_to(ROOT)}: imports signals")
            if isinstance(node, ast.ClassDef) and node.name != "SessionStore":  # no row: Django asks it by these names
                found += [
                    f"{path.relative_to(ROOT)}: {node.name}.save"
                    for item in node.body
                    if isinstance(item, ast.FunctionDef) and item.name in ("save", "delete")
                ]
    assert found == []


def test_foreign_keys_point_down_or_stay_at_home() -> None:
    """A string relation to another app is a dependency that no import linter sees."""
    found = []
    for path in _production():
        if path.name != "models.py":
            continue
        relations = r"(?:ForeignKey|OneToOneField|ManyToManyField)\(\s*[\"']([\w.]+)"
        for name in re.findall(relations, path.read_text("utf-8")):
            if "." in name:
                found.append(f"{path.relative_to(ROOT)}: {name}")
    assert found == [], "write the class, not its name: then the import contract sees it"


def test_events_are_frozen_dataclasses_that_say_what_happened() -> None:
    for path in _production():
        if path.name != "events.py":
            continue
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.ClassDef):
                assert any("frozen=True" in ast.unparse(item) for item in node.decorator_list), f"{path}: {node.name}"
                assert ast.get_docstring(node), f"{path}: {node.name} says nothing"


def test_every_event_of_a_matter_is_documented() -> None:
    text = (ROOT / "docs" / "events.md").read_text("utf-8")
    tree = ast.parse((SOURCE / "kernel" / "matters" / "events.py").read_text("utf-8"))
    missing = [node.name for node in tree.body if isinstance(node, ast.ClassDef) and f"`{node.name}`" not in text]
    assert missing == []


def test_only_one_place_asks_the_wall_clock() -> None:
    asking = [
        str(path.relative_to(ROOT))
        for path in _production()
        if re.search(r"\bdatetime\.now\(|\butcnow\(|\btime\.time\(|\bdate\.today\(", path.read_text("utf-8"))
        and path != SOURCE / "base" / "moments.py"
    ]
    assert asking == []


def test_npm_packages_are_exact() -> None:
    package = json.loads((ROOT / "package.json").read_text("utf-8"))
    for name, version in {**package["dependencies"], **package["devDependencies"]}.items():
        assert re.fullmatch(r"\d+\.\d+\.\d+", version), f"{name} {version}"


def test_the_locks_hold_hashes_and_no_addresses() -> None:
    for lock in (ROOT / "locks").glob("*.lock"):
        text = lock.read_text("utf-8")
        assert "://" not in text, lock.name
        for requirement in re.findall(r"^(?![#\s]).+$", text, re.M):
            assert "==" in requirement, f"{lock.name}: {requirement}"
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text("utf-8")
