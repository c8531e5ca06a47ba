"""Writes of matters, for every door: `report` takes concerns in, one or many; `act` does one verb on one matter.

Everything impure is gathered first, `decide` says what happens while no transaction is open, `journal.append` writes
it or says who was faster. Refusals come back as values; doors print them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from minqing.base import moments
from minqing.base.errors import BadInput, Conflict
from minqing.base.moments import in_china
from minqing.kernel.matters import ports
from minqing.kernel.matters.bodies import Words, clean_words, name_of
from minqing.kernel.matters.codes import new_code
from minqing.kernel.matters.commands import Command, Decision, Refusal, Report
from minqing.kernel.matters.decide import decide
from minqing.kernel.matters.events import Event, Plain
from minqing.kernel.matters.intake import spot_emergency
from minqing.kernel.matters.journal import Body, Entry, Written, append, entry
from minqing.kernel.matters.matter import Matter
from minqing.kernel.matters.ports import Suggestion
from minqing.kernel.matters.reading import Stored, codes_of, read_one
from minqing.kernel.matters.surroundings import Facts, Surroundings, around, units_against
from minqing.kernel.matters.versions import methods_of
from minqing.kernel.methods.model import Method
from minqing.registers.accounts.rules import REPORTER, Viewer
from minqing.registers.regions.codes import Region, county_of, is_key
from minqing.registers.regions.queries import known_places

TRIES = 5  # how often a decision is made anew when others are faster
EARLIEST, LATEST = 1949, 2200  # years a moment may lie in
#: Verbs whose words are looked through for an emergency: what is told of a matter after its report.
TOLD_LATER = ("note", "record")


@dataclass(frozen=True)
class Concern:
    """A concern as a door hands it over. `moment` is when it came in (now); what the reader finds fills the gaps:
    `category` and `against` given here stand, tags are joined."""

    place: Region
    channel: str
    title: str = ""
    text: str = ""
    kind: str = ""
    category: str = ""
    tags: tuple[str, ...] = ()
    people: int = 1
    against: tuple[int, ...] = ()
    form: Mapping[str, Plain] = field(default_factory=dict)
    filled: tuple[str, ...] = ()
    records: tuple[str, ...] = ()
    reporter: str = "named"
    wants_call_back: bool = True
    source: str = ""
    external_id: str = ""
    external_due: datetime | None = None
    links: tuple[str, ...] = ()
    facts: Facts = field(default_factory=dict)
    moment: datetime | None = None
    actor: Viewer = REPORTER
    sensitivity: int = 0


@dataclass(frozen=True)
class Answer:
    """What became of one concern. `outcome`: 'written', 'known' (on record under `code`), 'refused' (why).

    `replaced` counts characters that no database can hold and that became U+FFFD; `read` is what the reader found.
    """

    outcome: str
    code: str = ""
    why: Refusal | None = None
    matter: Matter | None = None
    read: Suggestion | None = None
    replaced: int = 0


@dataclass(frozen=True)
class Acted:
    """A command that was done: its events, and the matter as it stands now."""

    written: Written
    events: tuple[Event, ...]
    matter: Matter


def report(concerns: Sequence[Concern], method: Method, *, recorded: datetime | None = None) -> list[Answer]:
    """Takes concerns in under a published method: read, triaged, written in one transaction, answered in order.

    A concern whose source and outside number are on record is 'known' and writes nothing, however often it comes.
    """
    answers = _refuse_or_know(concerns)
    asked = [place for place in range(len(concerns)) if place not in answers]
    words = {place: clean_words(concerns[place].title, concerns[place].text) for place in asked}
    read = ports.reader()([(words[place].title, words[place].text) for place in asked]) if asked else []
    surroundings = around({concerns[place].place for place in asked})
    found = dict(zip(asked, read, strict=True))
    while asked:
        made = {place: _decided(concerns[place], words[place], found[place], method, surroundings) for place in asked}
        written = _written(made, recorded)
        for place in asked:
            answers[place] = _answer(made[place], written.get(place), found[place], words[place].replaced)
        asked = [place for place, one in written.items() if one.outcome == "taken"]  # another code; one in 17 billion
    return [answers[place] for place in range(len(concerns))]


def _written(made: Mapping[int, Entry | Refusal], recorded: datetime | None) -> dict[int, Written]:
    entries = {place: one for place, one in made.items() if isinstance(one, Entry)}
    return dict(zip(entries, append(list(entries.values()), recorded=recorded), strict=True))


def _answer(made: Entry | Refusal, written: Written | None, read: Suggestion, replaced: int) -> Answer:
    if isinstance(made, Refusal) or written is None:
        return Answer("refused", why=made if isinstance(made, Refusal) else None, read=read, replaced=replaced)
    if written.outcome == "known":
        return Answer("known", written.code)
    return Answer(written.outcome, written.code, None, made.after, read, replaced)


def _refuse_or_know(concerns: Sequence[Concern]) -> dict[int, Answer]:
    """Answers that need no reading: what cannot be taken, what is on record, the second of two in one batch."""
    pairs = {(one.source, one.external_id) for one in concerns if one.external_id}
    codes = codes_of(pairs) if pairs else {}
    answers = {}
    for place, one in enumerate(concerns):
        pair = (one.source, one.external_id)
        if pair in codes:
            answers[place] = Answer("known", codes[pair])
        elif (why := _unfit(one)) is not None:
            answers[place] = Answer("refused", why=why)
    return answers


def _unfit(one: Concern) -> Refusal | None:
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
    try:
        clean_words(one.title, one.text)
    except BadInput as fault:
        return Refusal("words", str(fault).rstrip("。"), "title or text is too long")
    return None


def _decided(
    one: Concern, words: Words, read: Suggestion, method: Method, surroundings: Surroundings
) -> Entry | Refusal:
    """The entry of a concern that was taken, or why the method does not take it."""
    moment = in_china(one.moment) if one.moment is not None else moments.now()
    context = surroundings.context(one.place, moment, one.actor, one.facts)
    code = new_code()
    body = name_of(code, words.title, words.text) if words.title or words.text else ""
    tags = tuple(dict.fromkeys((*one.tags, *read.tags)))
    asked = Report(
        code=code,
        place=one.place,
        channel=one.channel,
        kind=one.kind,
        category=one.category or read.category,
        tags=tags,
        people=one.people,
        against=one.against or units_against(read.against, context.cast),
        emergency=spot_emergency(method, f"{words.title}\n{words.text}", tags),
        form=one.form,
        filled=one.filled,
        records=one.records,
        reporter=one.reporter,
        wants_call_back=one.wants_call_back,
        source=one.source,
        external_id=one.external_id,
        external_due=one.external_due,
        links=one.links,
        body=body,
    )
    decision = decide(method, None, asked, context)
    if isinstance(decision, Refusal):
        return decision
    return entry(
        decision.matter, decision.events, moment, method, actor=one.actor.person,
        bodies=tuple(Body(body, kind, said) for kind, said in _kinds(words)),
        title=read.masked_title, text=read.masked_text, words=read.words, sensitivity=one.sensitivity, topic="report",
    )  # fmt: skip


def _kinds(words: Words) -> list[tuple[str, str]]:
    return [(kind, said) for kind, said in (("title", words.title), ("text", words.text)) if said]


def act(
    code: str,
    command: Command,
    viewer: Viewer,
    *,
    words: str = "",
    moment: datetime | None = None,
    expect: int | None = None,
    facts: Facts | None = None,
) -> Acted | Refusal:
    """Does one verb on one matter. With `expect` (the position the actor saw) a change by others is a Conflict;
    without, it is decided anew on what is there then. `words` said along are kept as a body."""
    said = clean_words("", words).text
    for _ in range(TRIES):
        stored = read_one(viewer.scope, code)
        if expect is not None and stored.matter.position != expect:
            raise Conflict(
                f"事项 {code} 已经到第 {stored.matter.position} 步，您看到的是第 {expect} 步：请刷新后再办。"
            )
        made = _acted(stored, command, viewer, said, moment, facts or {})
        if isinstance(made, Refusal):
            return made
        try:
            (written,) = append([made])
        except Conflict:
            if expect is not None:
                raise
            continue
        return Acted(written, tuple(line.event for line in made.lines), made.after)
    raise Conflict(f"事项 {code} 正被多人同时办理：请稍后再试。")


def _acted(
    stored: Stored, command: Command, viewer: Viewer, said: str, moment: datetime | None, facts: Facts
) -> Entry | Refusal:
    """The entry of one command on the matter as it was read."""
    matter = stored.matter
    when = max(moments.now(), stored.happened) if moment is None else in_china(moment)
    if when < stored.happened:
        raise BadInput(f"{when:%Y-%m-%d %H:%M} 早于这件事的上一步（{stored.happened:%Y-%m-%d %H:%M}）：请核对时间。")
    if command.place is not None and (why := _misplaced(command.place, matter)) is not None:
        return why
    pair = (matter.method, matter.version)
    method = methods_of([pair])[pair]
    if said:
        alarm = spot_emergency(method, said, ()) if command.verb in TOLD_LATER else ""
        command = replace(command, body=name_of(matter.code, said), emergency=alarm)
    context = around([matter.place]).context(matter.place, when, viewer, facts)
    decision: Decision | Refusal = decide(method, matter, command, context)
    if isinstance(decision, Refusal):
        return decision
    bodies = (Body(command.body, command.verb, said),) if said else ()
    return entry(
        decision.matter, decision.events, when, method,
        actor=viewer.person, before=stored, bodies=bodies, topic=command.verb,
    )  # fmt: skip


def _misplaced(place: Region, matter: Matter) -> Refusal | None:
    """Why a corrected place cannot be taken: it is on the register, and in the county the matter belongs to."""
    if is_key(place) and county_of(place) == county_of(matter.place) and place in known_places({place}):
        return None
    return Refusal("place", "请写本县册子上的地点", "say a place of this county that is on the register")
