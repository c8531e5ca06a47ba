"""Views that users keep for themselves: the filters, order and search of a list under a name of their own.

What is kept is an address of that list, cut to the keys it knows. It is the user's alone: nobody else is shown it.
Words of a search are kept as they were typed; so that no view becomes a watch on somebody, what the masker takes for a
name or number of a person is refused. A view is removed by its user alone. Limit: each query says whose it is; the
table has no row security, like the others of the accounts (but tokens, which are reached by functions only).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import urlencode

from django.db import transaction

from minqing.base.errors import BadInput, NotFound
from minqing.registers.accounts.models import SavedView, User
from minqing.registers.accounts.ports import names_somebody

#: The lists that have views, and the keys of their addresses that a view may hold, in order.
KEYS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "inbox": ("list", "gravity", "late", "today", "sort"),
        "matters": ("state", "stage", "level", "kind", "category", "channel", "late", "q", "place", "list"),
    }
)
MOST = 20  # of one user for one list
LONGEST_NAME = 20
LONGEST_VALUE = 80


class LooksLikeSomebody(BadInput):
    """A name or a search that holds a name or number of a person."""


@dataclass(frozen=True)
class View:
    """One of a user's views: where it leads is the list with `query`."""

    id: int
    name: str
    query: str


def views_of(person: int, page: str) -> tuple[View, ...]:
    """A user's views of a list, in the order in which they were made."""
    rows = SavedView.objects.filter(user_id=person, page=page).order_by("id")
    return tuple(View(*row) for row in rows.values_list("id", "name", "query"))


def query_of(page: str, told: Mapping[str, str]) -> str:
    """The part of an address that a view keeps: known keys, in one order; nothing for what is empty."""
    kept = {key: " ".join(told.get(key, "").replace("\0", " ").split())[:LONGEST_VALUE] for key in KEYS[page]}
    return urlencode({key: value for key, value in kept.items() if value})


def keep_view(person: int, page: str, name: str, told: Mapping[str, str]) -> View:
    """Keeps it; under a name that is there already it takes the place of that."""
    named, query = _named(name), query_of(page, told)
    _refuse_somebody(told.get("q", ""))
    with _alone(person):
        views = {view.name: view for view in views_of(person, page)}
        if named not in views and len(views) >= MOST:
            raise BadInput(
                f"最多存 {MOST} 个常用：请先删掉一个不用的（no more than {MOST} saved views: delete one first）"
            )
        row, _ = SavedView.objects.update_or_create(user_id=person, page=page, name=named, defaults={"query": query})
    return View(row.id, named, query)


def rename_view(person: int, view: int, name: str) -> None:
    """Another name for one of the user's own; raises NotFound for any other."""
    named = _named(name)
    with _alone(person):
        row = SavedView.objects.filter(id=view, user_id=person).first()
        if row is None:
            raise _none()
        if SavedView.objects.filter(user_id=person, page=row.page, name=named).exclude(id=view).exists():
            raise BadInput(
                f"已经有一个叫“{named}”的常用：请换个名字（a saved view of that name is there: choose another）"
            )
        SavedView.objects.filter(id=view).update(name=named)


def drop_view(person: int, view: int) -> None:
    """Removes one of the user's own; raises NotFound for any other."""
    if not SavedView.objects.filter(id=view, user_id=person).delete()[0]:
        raise _none()


@contextmanager
def _alone(person: int) -> Iterator[None]:
    """One change of a user's views after the other: the user's row is held meanwhile."""
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).filter(id=person).first()
        yield


def _named(name: str) -> str:
    """As it is kept: one line, not too long to press."""
    named = " ".join("".join(sign if sign.isprintable() else " " for sign in name).split())
    if not named or len(named) > LONGEST_NAME:
        raise BadInput(
            f"给常用起个名字，最多 {LONGEST_NAME} 字（give the view a name of at most {LONGEST_NAME} characters）"
        )
    _refuse_somebody(named)
    return named


def _refuse_somebody(words: str) -> None:
    if names_somebody(words):
        raise LooksLikeSomebody(
            "像是人名、电话或证件号：常用里不存这些，请换成事由或地点的词"
            "（this looks like a name or number of a person: use words of the matter or the place）"
        )


def _none() -> NotFound:
    return NotFound("这个常用已经不在了：请刷新页面（this saved view is gone: reload the page）")
