"""A view is no watch on somebody, whichever door hands it in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from minqing.registers.accounts import ports
from minqing.registers.accounts.actions import add_user
from minqing.registers.accounts.saved_views import LooksLikeSomebody, keep_view, rename_view, views_of
from minqing.wiring.ports import names_somebody

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def masker() -> Iterator[None]:
    """The masker of the house, as wiring binds it."""
    ports.bind(names_somebody)
    yield
    ports.bind(names_somebody)


@pytest.mark.parametrize(
    ("name", "searched"), [("常看", "王小明"), ("常看", "找 13800000000"), ("王小明", ""), ("13800000000", "路灯")]
)
def test_what_looks_like_a_person_is_kept_neither_as_search_nor_as_name(name: str, searched: str) -> None:
    person = add_user("chen", "演示·陈")
    with pytest.raises(LooksLikeSomebody, match="像是人名"):
        keep_view(person, "matters", name, {"q": searched})
    assert views_of(person, "matters") == ()


def test_no_view_is_renamed_to_a_person() -> None:
    person = add_user("chen", "演示·陈")
    view = keep_view(person, "matters", "路灯的", {"q": "路灯", "late": "1"})
    with pytest.raises(LooksLikeSomebody):
        rename_view(person, view.id, "王小明")
    assert [one.name for one in views_of(person, "matters")] == ["路灯的"]
