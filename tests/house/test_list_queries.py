"""Every list of matters names the level and key of the viewer's scope: without it a grid's page reads the county."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from types import ModuleType

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from minqing.kernel.matters import changes, queries
from minqing.registers.accounts.rules import Scope, Viewer

KEY = 424242424242
LEVELS = ("town", "village", "region", "unit")
# Equal to the key, or bounded by it from below and, with the place in the list, from above.
OWN = rf"\b{{level}} = {KEY}\b|(\w+\.{{level}}) >= {KEY} and \(\1, [\w.]+\) <= \({KEY}, "


def lists() -> Iterator[tuple[str, Callable[..., object]]]:
    """Public functions that answer a viewer about more than one matter of a code."""
    for room in (queries, changes):
        yield from lists_of(room)


def lists_of(room: ModuleType) -> Iterator[tuple[str, Callable[..., object]]]:
    for name, function in inspect.getmembers(room, inspect.isfunction):
        told = inspect.signature(function).parameters
        ours = function.__module__ == room.__name__ and not name.startswith("_") and name != "list_of"
        if ours and "viewer" in told and "code" not in told:
            yield name, function


def asked(function: Callable[..., object], scope: Scope) -> list[str]:
    """The statements on tables of matters that a list sends."""
    more = {"wanted": queries.Wanted()} if "wanted" in inspect.signature(function).parameters else {}
    with CaptureQueriesContext(connection) as captured:
        function(Viewer(1, 1, scope=scope), **more)
    return [query["sql"] for query in captured if "from matters_" in query["sql"] or "join matters_" in query["sql"]]


@pytest.mark.django_db
@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(("name", "function"), list(lists()))
def test_a_list_names_its_level_and_key(name: str, function: Callable[..., object], level: str) -> None:
    statements = asked(function, Scope(level=level, key=KEY))
    assert statements, name
    for statement in statements:
        assert re.search(OWN.format(level=level), statement), f"{name} does not name the viewer's {level}: {statement}"


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "function"), list(lists()))
def test_who_has_no_list_is_asked_for_nothing_or_false(name: str, function: Callable[..., object]) -> None:
    for statement in asked(function, Scope(level="none", key=KEY)):
        assert " and false" in statement or "where false" in statement, name


def test_the_lists_are_found() -> None:
    assert {"listing", "inbox", "counts", "since"} <= {name for name, _ in lists()}
