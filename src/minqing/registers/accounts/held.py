"""The posts in which somebody may act today: their own, and those for which they stand in."""

from __future__ import annotations

from dataclasses import dataclass

from minqing.base.errors import NotFound
from minqing.registers.accounts.models import Seat
from minqing.registers.accounts.queries import viewer_in
from minqing.registers.accounts.rules import Viewer
from minqing.registers.regions.models import Post


@dataclass(frozen=True)
class HeldPost:
    """One post: its number, the slug of its duties ('head', 'clerk'), the unit, the role in accounts (ROLES)."""

    post: int
    title: str
    unit: int
    unit_name: str
    role: str


def posts_held(person: int) -> tuple[HeldPost, ...]:
    """What a user may choose among when they sign in, in the order of the register; empty: nothing today."""
    own = list(Seat.objects.filter(user_id=person, user__active=True).values_list("post_id", flat=True))
    beside = Post.objects.filter(stand_in_id__in=own).values_list("id", flat=True)
    held = {post: viewer for post in sorted({*own, *beside}) if (viewer := viewer_held(person, post)) is not None}
    rows = Post.objects.filter(id__in=held).order_by("id").values_list("id", "role", "unit_id", "unit__name")
    return tuple(HeldPost(post, title, unit, name, held[post].role) for post, title, unit, name in rows)


def viewer_held(person: int, post: int) -> Viewer | None:
    """The viewer of a post, where that person is who serves in it now; None where they do not (any more)."""
    try:
        viewer = viewer_in(post)
    except NotFound:
        return None
    return viewer if viewer.person == person else None
