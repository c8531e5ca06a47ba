"""One command on one matter as it was read, decided: the entry that would be written, or why not. Writes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from minqing.base import moments
from minqing.base.errors import BadInput, Conflict
from minqing.base.moments import in_china
from minqing.kernel.matters.bodies import name_of
from minqing.kernel.matters.commands import Command, Context, Decision, Refusal
from minqing.kernel.matters.concerns import form_bodies
from minqing.kernel.matters.decide import decide
from minqing.kernel.matters.entries import Body, Entry, File, entry
from minqing.kernel.matters.intake import spot_emergency
from minqing.kernel.matters.matter import Matter
from minqing.kernel.matters.reading import Stored, read
from minqing.kernel.matters.surroundings import Facts, around
from minqing.kernel.matters.versions import methods_of
from minqing.kernel.methods.model import Method
from minqing.registers.accounts.queries import staff_of
from minqing.registers.accounts.rules import Viewer
from minqing.registers.regions.codes import Region, county_of, is_key
from minqing.registers.regions.queries import known_places

#: Verbs whose words are looked through for an emergency, whoever says them; what the reporter says always is.
TOLD_LATER = ("note", "record", "call_back")


@dataclass(frozen=True)
class Said:
    """What comes along with a command and is sealed: words, personal fields of the form, files."""

    words: str = ""
    personal: Mapping[str, str] | None = None
    files: tuple[File, ...] = ()
    bodies: tuple[Body, ...] = ()


def check_expected(stored: Stored, expect: int | None) -> None:
    """Raises Conflict when somebody moved the matter since the actor saw it."""
    position = stored.matter.position
    if expect is not None and position != expect:
        raise Conflict(f"事项 {stored.matter.code} 已经到第 {position} 步，您看到的是第 {expect} 步：请刷新后再办。")


def decided(
    stored: Stored,
    command: Command,
    viewer: Viewer,
    said: Said,
    moment: datetime | None = None,
    facts: Facts | None = None,
    other: Matter | None = None,
) -> Entry | Refusal:
    """The entry of one command on the matter as it was read. `other` is the matter that the command names, as it will
    stand; without it, it is read with the viewer's eyes."""
    matter = stored.matter
    when = max(moments.now(), stored.happened) if moment is None else in_china(moment)
    if when < stored.happened:
        raise BadInput(f"{when:%Y-%m-%d %H:%M} 早于这件事的上一步（{stored.happened:%Y-%m-%d %H:%M}）：请核对时间。")
    if command.place is not None and (why := _misplaced(command.place, matter)) is not None:
        return why
    pair = (matter.method, matter.version)
    method = methods_of([pair])[pair]
    told = command.verb in TOLD_LATER or "reporter" in viewer.roles
    command = _with_words(command, matter, method, said, told)
    context = _context(command, matter, viewer, when, facts or {})
    if command.code:
        context = replace(context, other=other or _other(viewer, command.code))
    decision: Decision | Refusal = decide(method, matter, command, context)
    if isinstance(decision, Refusal):
        return decision
    bodies = (*form_bodies(said.personal or {}, method), *said.bodies)
    if said.words:
        # What the reporter adds may tell who they are: it is opened like the report itself.
        kind = f"reporter.{command.verb}" if "reporter" in viewer.roles else command.verb
        bodies = (Body(command.body, kind, said.words), *bodies)
    return entry(
        decision.matter, decision.events, when, method,
        actor=viewer.person, before=stored, bodies=bodies, topic=command.verb, files=said.files,
    )  # fmt: skip


def _with_words(command: Command, matter: Matter, method: Method, said: Said, told: bool) -> Command:
    """The command as the journal may hold it: it names words and fields, and holds none. `told`: its words are looked
    through for an emergency."""
    if said.personal:
        command = replace(command, filled=tuple(dict.fromkeys((*command.filled, *said.personal))))
    if said.words:
        alarm = spot_emergency(method, said.words, ()) if told else ""
        command = replace(command, body=name_of(matter.code, said.words), emergency=alarm)
    return command


def _context(command: Command, matter: Matter, viewer: Viewer, when: datetime, facts: Facts) -> Context:
    """Surroundings of the place; with whom serves where a person is named."""
    context = around([matter.place]).context(matter.place, when, viewer, facts)
    if command.place is not None:
        context = replace(context, there=around([command.place]).context(command.place, when, viewer, facts).cast)
    if command.person:
        units = {matter.holder, *(duty.owed_by for duty in matter.open_duties())} - {0}
        serving = {unit: people for unit, people in staff_of(units).items() if people}
        context = replace(context, staff=serving)
    return context


def _other(viewer: Viewer, code: str) -> Matter | None:
    found = read(viewer.scope, [code]).get(code)
    return found.matter if found is not None else None


def _misplaced(place: Region, matter: Matter) -> Refusal | None:
    """Why a corrected place cannot be taken: it is on the register, and in the county the matter belongs to."""
    if is_key(place) and county_of(place) == county_of(matter.place) and place in known_places({place}):
        return None
    return Refusal("place", "请写本县册子上的地点", "say a place of this county that is on the register")
