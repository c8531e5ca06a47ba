"""For pages that stay open: what became of a viewer's inbox, or of one matter, since it was drawn. Cheap: one statement
each, no words are opened.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from minqing.base import moments
from minqing.kernel.matters.own_list import duties_of
from minqing.kernel.matters.queries import GONE, MANY
from minqing.kernel.matters.reading import no_such_matter
from minqing.registers.accounts.rules import HOUSE, Viewer
from minqing.registers.accounts.scoping import seen_by


def newest_duty() -> int:
    """The number of the duty that was added last, whoever sees it; 0 before the first."""
    with seen_by(HOUSE), connection.cursor() as cursor:
        cursor.execute("select coalesce(max(id), 0) from matters_duty")
        newest: int = cursor.fetchone()[0]
    return newest


@dataclass(frozen=True)
class Since:
    """What became of a viewer's inbox: duties that came in after one, counted up to MANY; a mark of its most urgent
    MANY lines, which is another when one came, went or grew late."""

    came: int
    mark: str


_SINCE = f"""
select (select count(*) from (select from matters_duty d where d.state = 0 and {{level}} and d.id > %(duty)s
                              limit %(many)s) n),
       md5(string_agg(x.id::text || x.gone::text, '' order by x.id))
from (select d.id, {GONE} as gone from matters_duty d where d.state = 0 and {{level}}
      order by d.colour, d.due, d.id limit %(many)s) x"""


def since(viewer: Viewer, duty: int = 0, mine: bool = False) -> Since:
    """One cheap question for pages that stay open: what changed since `newest_duty` of then."""
    scope, level, told = duties_of(viewer, mine)
    told |= {"duty": duty, "many": MANY, "now": moments.now()}
    with seen_by(scope), connection.cursor() as cursor:
        cursor.execute(_SINCE.format(level=level), told)
        came, mark = cursor.fetchone()
    return Since(came, mark or "")


def position_of(viewer: Viewer, code: str) -> int:
    """How many lines a matter has that the viewer sees; raises NotFound as `look` does."""
    with seen_by(viewer.scope), connection.cursor() as cursor:
        cursor.execute("select position from matters_matter where code = %s", [code])
        found = cursor.fetchone()
    if found is None:
        raise no_such_matter(code)
    position: int = found[0]
    return position
