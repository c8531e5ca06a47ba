"""Pages and API say who changes the registers: without a name `oneself` takes it for the machine, which may all."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

HOUSE = Path(__file__).parents[2] / "src" / "minqing"
#: Residents and users about themselves: the line says whose it is, and there is nobody else to name.
BY_THEMSELVES = {("doors/web/account/signing.py", "change_password")}


def _trees(*folders: str) -> Iterator[tuple[Path, ast.Module]]:
    for folder in folders:
        for path in sorted((HOUSE / folder).rglob("*.py")):
            if not {"tests", "migrations"} & set(path.parts):
                yield path, ast.parse(path.read_text("utf-8"))


def _called(node: ast.AST) -> set[str]:
    """The last names of what is called somewhere inside."""
    calls = (one.func for one in ast.walk(node) if isinstance(one, ast.Call))
    return {one.attr if isinstance(one, ast.Attribute) else getattr(one, "id", "") for one in calls}


def writers() -> set[str]:
    """The functions of accounts and regions that hold the register, or call one that does."""
    trees = _trees("registers/accounts", "registers/regions")
    calls = {one.name: _called(one) for _, tree in trees for one in ast.walk(tree) if isinstance(one, ast.FunctionDef)}
    found = {"register_held"}
    while more := {name for name, called in calls.items() if called & found} - found:
        found |= more
    return found - {"register_held"}


def _nameless(tree: ast.Module, known: set[str]) -> Iterator[tuple[int, str]]:
    """Calls of these, imported from the registers, that stand in no `with changed_by(…)`."""
    imported = [
        one
        for one in ast.walk(tree)
        if isinstance(one, ast.ImportFrom) and (one.module or "").startswith("minqing.reg")
    ]
    names = {alias.asname or alias.name: alias.name for one in imported for alias in one.names}
    named = {
        id(inside)
        for one in ast.walk(tree)
        if isinstance(one, ast.With) and any("changed_by" in _called(item.context_expr) for item in one.items)
        for inside in ast.walk(one)
    }
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call) or id(call) in named:
            continue
        name = ""
        if isinstance(call.func, ast.Name):
            name = names.get(call.func.id, "")
        elif isinstance(call.func, ast.Attribute) and getattr(call.func.value, "id", "") in names:
            name = call.func.attr
        if name in known:
            yield call.lineno, name


def test_the_writes_of_the_registers_are_found() -> None:
    assert {
        "end_post",
        "set_leave",
        "open_posts",
        "open_staff",
        "start_password",
        "drop_factors",
        "set_day",
    } <= writers()
    assert not {"posts", "users", "viewer_in"} & writers()


def test_pages_and_api_change_the_registers_under_a_name_only() -> None:
    known = writers()
    found = [
        (path.relative_to(HOUSE).as_posix(), line, name)
        for path, tree in _trees("doors/web", "doors/api", "doors/counter")
        for line, name in _nameless(tree, known)
    ]
    assert [one for one in found if (one[0], one[2]) not in BY_THEMSELVES] == []
    assert {(where, name) for where, _, name in found} == BY_THEMSELVES


def test_a_write_without_a_name_is_seen() -> None:
    told = (
        "from minqing.registers.accounts.terms import end_post as end\nfrom minqing.registers.regions import actions\n"
    )
    inside = "with changed_by(7):\n    end(1, day)\n    actions.set_leave(1, None)\n"
    outside = "end(1, day)\nactions.set_leave(1, None)\n"
    known = {"end_post", "set_leave"}
    assert list(_nameless(ast.parse(told + inside), known)) == []
    assert [name for _, name in _nameless(ast.parse(told + outside), known)] == ["end_post", "set_leave"]
