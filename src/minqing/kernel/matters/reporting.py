"""Concerns come in: read, triaged, written in one transaction with all that is sealed of them, answered in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from minqing.base import moments
from minqing.base.errors import BadInput, NotAllowed
from minqing.base.moments import in_china
from minqing.kernel.matters import ports
from minqing.kernel.matters.bodies import Words, clean_words, name_of
from minqing.kernel.matters.codes import new_code
from minqing.kernel.matters.commands import Refusal, Report
from minqing.kernel.matters.concerns import Concern, contact_bodies, form_bodies, said_bodies, unfit
from minqing.kernel.matters.decide import decide
from minqing.kernel.matters.intake import spot_emergency
from minqing.kernel.matters.journal import Entry, Replayed, Request, Written, append, entry, replayed
from minqing.kernel.matters.matter import Matter
from minqing.kernel.matters.ports import Suggestion
from minqing.kernel.matters.reading import codes_of
from minqing.kernel.matters.rights import check_right
from minqing.kernel.matters.surroundings import Surroundings, around, units_against
from minqing.kernel.methods.model import Method


@dataclass(frozen=True)
class Answer:
    """What became of one concern. `outcome`: 'written', 'known' (on record under `code`), 'refused' (why), 'replayed'
    (its request was done before and led to `code`; only in a batch, alone it raises Replayed).

    `replaced` counts characters that no database can hold and that became U+FFFD; `read` is what the reader found.
    """

    outcome: str
    code: str = ""
    why: Refusal | None = None
    matter: Matter | None = None
    read: Suggestion | None = None
    replaced: int = 0


def report(
    concerns: Sequence[Concern],
    method: Method,
    *,
    recorded: datetime | None = None,
    requests: Sequence[Request | None] | None = None,
) -> list[Answer]:
    """Takes concerns in under a published method: read, triaged, written in one transaction, answered in order.

    A concern whose source and outside number are on record is 'known' and writes nothing, however often it comes.
    `requests` (one for each concern) make it so for senders without numbers; a single one done before raises Replayed.
    """
    asked_for = _check(concerns, requests)
    answers = _replays(asked_for) | {}
    answers |= _refuse_or_know(concerns, answers)
    asked = [place for place in range(len(concerns)) if place not in answers]
    words, read = _read(concerns, asked)
    surroundings = around({concerns[place].place for place in asked})
    while asked:
        made = {
            place: _decided(concerns[place], words[place], read[place], method, surroundings, asked_for[place])
            for place in asked
        }
        try:
            written = _written(made, recorded)
        except Replayed:  # while we read: somebody sent the same at the same time
            answers |= _replays(asked_for)
            asked = [place for place in asked if place not in answers]
            continue
        for place in asked:
            answers[place] = _answer(made[place], written.get(place), read[place], words[place].replaced)
        asked = [place for place, one in written.items() if one.outcome == "taken"]  # another code; one in 17 billion
    return [answers[place] for place in range(len(concerns))]


def foresee(concerns: Sequence[Concern], method: Method) -> list[Answer]:
    """What would become of each if it were reported now: read and triaged as by `report`, written nowhere. The codes
    are made up for this once."""
    _check(concerns, None)
    answers = _refuse_or_know(concerns, {})
    asked = [place for place in range(len(concerns)) if place not in answers]
    words, read = _read(concerns, asked)
    surroundings = around({concerns[place].place for place in asked})
    for place in asked:
        made = _decided(concerns[place], words[place], read[place], method, surroundings, None)
        written = None if isinstance(made, Refusal) else Written("written", made.after.code)
        answers[place] = _answer(made, written, read[place], words[place].replaced)
    return [answers[place] for place in range(len(concerns))]


def _read(concerns: Sequence[Concern], asked: Sequence[int]) -> tuple[dict[int, Words], dict[int, Suggestion]]:
    """The clean words of those asked for, and what the reader finds in them."""
    words = {place: clean_words(concerns[place].title, concerns[place].text) for place in asked}
    read = ports.reader()([(words[place].title, words[place].text) for place in asked]) if asked else []
    return words, dict(zip(asked, read, strict=True))


def _check(concerns: Sequence[Concern], requests: Sequence[Request | None] | None) -> list[Request | None]:
    """The requests in the places of their concerns; who may not report is told so before anything is looked up."""
    for one in concerns:
        check_right(one.actor, "report")
        if one.actor.source and one.source != one.actor.source:
            raise NotAllowed(
                f"这个令牌只能以“{one.actor.source}”为来源登记（this token reports under its own source only）"
            )
    if requests is None:
        return [None] * len(concerns)
    keys = [request.key for request in requests if request is not None]
    if len(requests) != len(concerns) or len(set(keys)) != len(keys):
        raise BadInput("每件事项各用一个请求编号，不能重复（one request key for each concern, none twice）")
    return list(requests)


def _replays(requests: Sequence[Request | None]) -> dict[int, Answer]:
    """Those that were done before. A single one is told as it is: the caller answers as it did then."""
    known = replayed([request for request in requests if request is not None])
    answers = {}
    for place, request in enumerate(requests):
        done = known.get(request.key) if request is not None else None
        if done is None:
            continue
        if len(requests) == 1:
            raise done
        why = None if done.same_digest else Refusal("request", *_parted(str(done)))
        answers[place] = Answer("replayed" if why is None else "refused", done.code if why is None else "", why)
    return answers


def _parted(sentence: str) -> tuple[str, str]:
    zh, _, en = sentence.rstrip("）").partition("（")
    return zh, en


def _written(made: Mapping[int, Entry | Refusal], recorded: datetime | None) -> dict[int, Written]:
    entries = {place: one for place, one in made.items() if isinstance(one, Entry)}
    return dict(zip(entries, append(list(entries.values()), recorded=recorded), strict=True))


def _answer(made: Entry | Refusal, written: Written | None, read: Suggestion, replaced: int) -> Answer:
    if isinstance(made, Refusal) or written is None:
        return Answer("refused", why=made if isinstance(made, Refusal) else None, read=read, replaced=replaced)
    if written.outcome == "known":
        return Answer("known", written.code)
    return Answer(written.outcome, written.code, None, made.after, read, replaced)


def _refuse_or_know(concerns: Sequence[Concern], answered: Mapping[int, Answer]) -> dict[int, Answer]:
    """Answers that need no reading: what cannot be taken, what is on record, the second of two in one batch."""
    pairs = {(one.source, one.external_id) for one in concerns if one.external_id}
    codes = codes_of(pairs) if pairs else {}
    answers = {}
    for place, one in enumerate(concerns):
        pair = (one.source, one.external_id)
        if place in answered:
            continue
        if pair in codes:
            answers[place] = Answer("known", codes[pair])
        elif (why := unfit(one)) is not None:
            answers[place] = Answer("refused", why=why)
    return answers


def _decided(
    one: Concern,
    words: Words,
    read: Suggestion,
    method: Method,
    surroundings: Surroundings,
    request: Request | None,
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
        against_people=one.against_people,
        against_unknown=one.against_unknown,
        severity=one.severity,
        emergency=spot_emergency(method, f"{words.title}\n{words.text}", tags),
        form=one.form,
        filled=tuple(dict.fromkeys((*one.filled, *one.personal))),
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
    bodies = (*said_bodies(words, body), *contact_bodies(one), *form_bodies(one.personal, method))
    return entry(
        decision.matter, decision.events, moment, method, actor=one.actor.person, bodies=bodies,
        title=read.masked_title, text=read.masked_text, words=read.words, sensitivity=one.sensitivity, topic="report",
        request=request,
    )  # fmt: skip
