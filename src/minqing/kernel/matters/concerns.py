"""A concern as a door hands it over: what the journal may hold, and what is sealed: words, the person, the place."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime

from minqing.base import moments
from minqing.base.errors import BadInput
from minqing.kernel.matters.bodies import Words, clean_value, clean_words
from minqing.kernel.matters.commands import Refusal
from minqing.kernel.matters.entries import Body
from minqing.kernel.matters.events import Plain
from minqing.kernel.matters.filling import WORDS
from minqing.kernel.matters.surroundings import Facts
from minqing.kernel.methods.model import Field, Method
from minqing.registers.accounts.rules import REPORTER, Viewer
from minqing.registers.regions.codes import Region, is_key

EARLIEST, LATEST = 1949, 2200  # years a moment may lie in

#: Kinds by which a person's own matters are found again, for export and erasure, in the order people are asked.
_MARKED = ("name", "phone", "address", "id_number", "email")
#: Types of form fields -> the kind of blind mark of their values.
_FIELD_MARKS = {
    "person": "name", "people": "name", "phone": "phone", "address": "address", "id_number": "id_number",
}  # fmt: skip
_BETWEEN = re.compile(r"[、,，;；\n]+")


@dataclass(frozen=True)
class Contact:
    """How the reporter is reached; every field is sealed. `way`: 'phone', 'sms', 'email', 'wechat', 'letter'."""

    name: str = ""
    phone: str = ""
    address: str = ""
    id_number: str = ""
    email: str = ""
    way: str = ""


@dataclass(frozen=True)
class Location:
    """Where exactly: degrees (WGS 84), and in words. Sealed: it may be somebody's door."""

    lat: float | None = None
    lon: float | None = None
    address: str = ""


@dataclass(frozen=True)
class Concern:
    """A concern as a door hands it over. `moment` is when it came in (now); what the reader finds fills the gaps:
    `category` and `against` given here stand, tags are joined. `personal` are fields of the form whose values are
    words or personal: sealed. `severity`: the slug of a level that it has at least; `sensitivity` likewise."""

    place: Region
    channel: str
    title: str = ""
    text: str = ""
    kind: str = ""
    category: str = ""
    tags: tuple[str, ...] = ()
    people: int = 1
    against: tuple[int, ...] = ()
    against_people: tuple[int, ...] = ()
    against_unknown: int = 0
    severity: str = ""
    form: Mapping[str, Plain] = field(default_factory=dict)
    filled: tuple[str, ...] = ()
    personal: Mapping[str, str] = field(default_factory=dict)
    records: tuple[str, ...] = ()
    reporter: str = "named"
    contact: Contact = Contact()
    location: Location | None = None
    wants_call_back: bool = True
    source: str = ""
    external_id: str = ""
    external_due: datetime | None = None
    links: tuple[str, ...] = ()
    facts: Facts = field(default_factory=dict)
    moment: datetime | None = None
    actor: Viewer = REPORTER
    sensitivity: int = 0


def unfit(one: Concern) -> Refusal | None:
    """Why a concern cannot be read at all."""
    if not is_key(one.place):
        return Refusal("place", "请写明地点：15 位区划编号", "say where: the 15-digit key of a place")
    for moment in (one.moment, one.external_due):
        if moment is not None and not EARLIEST <= moment.year <= LATEST:
            return Refusal(
                "moment",
                f"时间 {moment:%Y-%m-%d} 不合理：应在 {EARLIEST} 年到 {LATEST} 年之间",
                f"{moment:%Y-%m-%d} lies outside {EARLIEST} to {LATEST}",
            )
    if one.moment is not None and one.moment > moments.now():
        return Refusal(
            "future", f"时间 {one.moment:%Y-%m-%d %H:%M} 还没有到", f"{one.moment:%Y-%m-%d %H:%M} has not come yet"
        )
    return _unfit_words(one)


def _unfit_words(one: Concern) -> Refusal | None:
    if one.reporter == "nobody" and any(getattr(one.contact, each.name).strip() for each in fields(Contact)):
        return Refusal(
            "reporter", "没有反映人的事项不能写姓名、电话等联系方式：请二选一",
            "nobody reported it, or somebody who can be reached: choose one",
        )  # fmt: skip
    where = one.location
    if where is not None and not (abs(where.lat or 0.0) <= 90 and abs(where.lon or 0.0) <= 180):
        return Refusal("location", "经纬度不对：纬度 -90 到 90，经度 -180 到 180", "lat is -90 to 90, lon -180 to 180")
    try:
        clean_words(one.title, one.text)
        for _ in (*contact_bodies(one), *form_bodies(one.personal, None)):
            pass
    except BadInput as fault:
        return Refusal("words", str(fault).rstrip("。"), "title, text or a field is too long")
    return None


def said_bodies(words: Words, name: str) -> Iterator[Body]:
    """Title and text under the keyed hash that names them."""
    for kind, said in (("title", words.title), ("text", words.text)):
        if said:
            yield Body(name, kind, said)


def contact_bodies(one: Concern) -> Iterator[Body]:
    """Who brought it and where exactly, as `reporter.phone`, `location` …"""
    for each in fields(Contact):
        value = clean_value(getattr(one.contact, each.name))
        if value:
            marks = ((each.name, value),) if each.name in _MARKED else ()
            yield Body(f"reporter.{each.name}", each.name, value, marks)
    where = one.location
    if where is not None:
        told = {"lat": where.lat, "lon": where.lon, "address": clean_value(where.address)}
        yield Body("location", "location", json.dumps(told, ensure_ascii=False))


def form_bodies(personal: Mapping[str, str], method: Method | None) -> Iterator[Body]:
    """Personal fields of the form and those of free text, as `form.<slug>`."""
    for slug, said in personal.items():
        value = clean_value(said)
        kind = f"form.{slug}"
        field_ = method.form.get(slug) if method is not None else None
        yield Body(kind, kind, value, tuple(_marks(field_, value)))


def _marks(field_: Field | None, value: str) -> Iterator[tuple[str, str]]:
    kind = _FIELD_MARKS.get(field_.type) if field_ is not None else None
    if kind is not None:
        parts = _BETWEEN.split(value) if field_ is not None and field_.type == "people" else [value]
        yield from ((kind, part.strip()) for part in parts if part.strip())


def parted_form(method: Method, values: Mapping[str, Plain]) -> tuple[dict[str, Plain], dict[str, str]]:
    """The values of a form as a door has them, parted: what a journal line may hold, and what is sealed."""
    plain: dict[str, Plain] = {}
    personal: dict[str, str] = {}
    for slug, value in values.items():
        own = method.form.get(slug)
        if own is not None and (own.personal or own.type in WORDS):
            personal[slug] = "、".join(map(str, value)) if isinstance(value, tuple | list) else str(value)
        else:
            plain[slug] = value
    return plain, personal
