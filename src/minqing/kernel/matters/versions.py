"""Stored versions of methods: a matter keeps the version it opened under, so every published text stays.

A text is checked when it is published; from then on it is only read, whatever later checks say of it.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from minqing.base import moments
from minqing.base.errors import NotFound, NotReady
from minqing.base.ledger.streams import METHOD
from minqing.base.moments import in_china
from minqing.kernel.matters.ports import vocabulary
from minqing.kernel.methods.loader import load_stored
from minqing.kernel.methods.model import Method
from minqing.kernel.methods.remarks import not_run_yet
from minqing.registers.accounts.rules import HOUSE
from minqing.registers.accounts.scoping import seen_by

_loaded: dict[tuple[str, str], Method] = {}


def publish(method: Method, *, actor: int = 0, moment: datetime | None = None) -> bool:
    """Makes it the current version of its slug; False when it is that already. Raises NotReady for a method with
    a key that the kernel does not run yet: a matter under it would stand still."""
    if why := not_run_yet(method, f"{method.slug}.yaml"):
        raise NotReady(
            f"工作法“{method.slug}”还不能发布：{why.zh}（the method {method.slug} cannot be published yet: {why.text}）"
        )
    with seen_by(HOUSE), connection.cursor() as cursor:
        cursor.execute(
            "select matters_publish(%s, %s, %s, %s::timestamptz, %s)",
            [method.slug, method.version, method.text, moment or moments.now(), actor],
        )
        written: bool = cursor.fetchone()[0]
    _loaded[method.slug, method.version] = method
    return written


def current_method(slug: str) -> Method:
    """The version that new matters open under."""
    with connection.cursor() as cursor:
        cursor.execute("select version from matters_method_version where slug = %s order by line desc limit 1", [slug])
        found = cursor.fetchone()
    if found is None:
        raise NotReady(f"工作法“{slug}”还没有发布：请先发布。")
    return methods_of([(slug, found[0])])[slug, found[0]]


def method_of_county(code: str) -> Method:
    """The published method that serves a county, by its division code; raises NotReady naming those there are."""
    published = current_methods()
    serving = [method for method in published if code.startswith(method.place)]
    if len(serving) != 1:
        names = "、".join(method.slug for method in serving or published) or "无"
        raise NotReady(f"请用 --method 指明工作法（say which with --method）：{names}")
    return serving[0]


def current_methods() -> list[Method]:
    """The current version of every published method."""
    with connection.cursor() as cursor:
        cursor.execute("select distinct on (slug) slug, version from matters_method_version order by slug, line desc")
        pairs = cursor.fetchall()
    return list(methods_of(pairs).values())


def methods_by_use() -> list[Method]:
    """The current version of every published method, the most used last."""
    with seen_by(HOUSE), connection.cursor() as cursor:
        cursor.execute("select method, count(*) from matters_matter group by 1")
        used = dict(cursor.fetchall())
    return sorted(current_methods(), key=lambda method: used.get(method.slug, 0))


def methods_of(versions: Collection[tuple[str, str]]) -> dict[tuple[str, str], Method]:
    """The methods of these (slug, version) pairs; read once a process."""
    missing = {pair for pair in versions if pair not in _loaded}
    if missing:
        slugs, wanted = [slug for slug, _ in missing], [version for _, version in missing]
        with connection.cursor() as cursor:
            cursor.execute(
                "select slug, version, text from matters_method_version where (slug, version) in"
                " (select * from unnest(%s::text[], %s::text[]))",
                [slugs, wanted],
            )
            for slug, version, text in cursor.fetchall():
                _loaded[slug, version] = load_stored(text, vocabulary(), slug)
    if lost := [pair for pair in versions if pair not in _loaded]:
        raise NotReady(f"库里没有工作法“{lost[0][0]}”的版本 {lost[0][1][:12]}：请先发布。")
    return {pair: _loaded[pair] for pair in versions}


@dataclass(frozen=True)
class Published:
    """A version that was published: when, by whom (0: on the machine itself), and its open matters by stage."""

    slug: str
    version: str
    at: datetime
    by: int
    open: Mapping[str, int]


_VERSIONS = """
select v.slug, v.version, v.published_at, l.actor, coalesce(o.stages, '{}')::text
from matters_method_version v
join ledger_subject s on s.stream = %(stream)s and s.code = v.slug
join ledger_line l on l.stream = s.stream and l.subject = s.subject and l.seq = v.line
left join (select method, version, json_object_agg(stage, many) as stages
           from (select method, version, stage, count(*) as many from matters_matter
                 where open and (%(slug)s = '' or method = %(slug)s) group by 1, 2, 3) x
           group by 1, 2) o on o.method = v.slug and o.version = v.version
where %(slug)s = '' or v.slug = %(slug)s
order by v.slug, v.line desc
"""


def versions_of(slug: str = "") -> list[Published]:
    """Every version that was published of a method (of all, without one), by method, that in force first."""
    with seen_by(HOUSE), connection.cursor() as cursor:
        cursor.execute(_VERSIONS, {"slug": slug, "stream": METHOD.number})
        found = [
            Published(of, version, in_china(at), by, json.loads(stages))
            for of, version, at, by, stages in cursor.fetchall()
        ]
    if slug and not found:
        raise NotFound("没有这个工作法：请从列表进入（no such method: enter from the list）")
    return found
