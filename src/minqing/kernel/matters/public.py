"""What a resident sees of their own matter: with its code and secret how it stands and what was done, in plain words;
with the last four digits of the phone on record also their own words. And what they may do.

The secret is derived from the code and kept nowhere. Whoever does not have it learns nothing: wrong codes, wrong
secrets and a closed door are answered in the same words after the same work.
"""

from __future__ import annotations

import hmac
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from minqing.base import moments
from minqing.base.errors import BadInput, NotAllowed
from minqing.base.ledger.keys import secrets_key
from minqing.base.postgres import home_folder
from minqing.kernel.matters import events as ev
from minqing.kernel.matters.answering import ReporterAnswer, reporter_answer
from minqing.kernel.matters.codes import ALPHABET, clean_code
from minqing.kernel.matters.offers import Offer
from minqing.kernel.matters.queries import Sight, look
from minqing.kernel.matters.reading import Line, Stored, histories
from minqing.kernel.matters.replying import latest_reply
from minqing.kernel.matters.revealing import open_named
from minqing.kernel.matters.telling import Lang, Teller
from minqing.kernel.matters.telling_reporter import ReporterTeller
from minqing.kernel.matters.tries import ADDRESS, CODE, DIGITS, is_shut, knock
from minqing.kernel.matters.urgency import clock_of, main_of
from minqing.kernel.methods.model import CALL_BACK, Method
from minqing.registers.accounts.rules import HOUSE, Viewer, reporter_of
from minqing.registers.accounts.scoping import seen_by
from minqing.registers.regions.queries import names_of_units
from minqing.registers.vault import queries as vault

_LENGTH = 10
_WRONG = "编码或密码不对：请核对受理时给您的编码和密码；找不到的，请向受理单位查询"
_WRONG_EN = "the code or the secret is wrong: check both, or ask where you reported"
_DIGITS = "电话后四位对不上，或者今天试的次数太多：请用反映时留下的电话，明天再试"
_DIGITS_EN = "the digits do not fit the phone on record, or there were too many tries: try again tomorrow"
_OWN = "查看本人反映的原文"
_REPLY = "查看给本人的答复"
_RATING = "查看本人的评价"


@dataclass(frozen=True)
class Told:
    """One thing that happened, in a sentence: '' where it is nothing that a reporter needs to be told. `kind`: the name
    of its event; `formal`: the same as a paper says it."""

    happened: datetime
    sentence: str
    kind: str = ""
    formal: str = ""


@dataclass(frozen=True)
class Disclosed:
    """What the secret shows. `title` and `text` are the reporter's own words, once the phone's digits fit.

    `stage`, `holder` and `method` are names as people read them; `due` and `clock` are of the duty that stands for the
    matter: 'running', 'near', 'late', 'ended'; of an ended one no `due` is told. `answer`: the own answer while the
    call-back is due. `reply`: what whoever settled it last told the reporter, and when.
    `stars` and `rating`: the own rating, 0 and '' for none.
    """

    code: str
    method: str
    stage: str
    holder: str
    due: datetime | None
    clock: str
    position: int
    opened: datetime
    lines: tuple[Told, ...]
    offers: tuple[Offer, ...]
    title: str = ""
    text: str = ""
    answer: ReporterAnswer | None = None
    reply: str = ""
    replied: datetime | None = None
    stars: int = 0
    rating: str = ""


def secret_of(code: str) -> str:
    """The secret of a matter, in two groups: `7KQ2M-XP94R`. The same whenever it is asked; nothing of it is stored."""
    return _grouped(_secret(code))


def _secret(code: str) -> str:
    digest = hmac.new(secrets_key(home_folder()), f"secret|{code}".encode(), "sha256").digest()
    number, characters = int.from_bytes(digest), []
    for _ in range(_LENGTH):
        number, place = divmod(number, len(ALPHABET))
        characters.append(ALPHABET[place])
    return "".join(characters)


def _grouped(secret: str) -> str:
    return f"{secret[:5]}-{secret[5:]}"


def let_in(code: str, secret: str, address: str) -> Viewer:
    """The reporter of that matter, for who shows its secret; raises NotAllowed in the same words for everything else.

    `address` is the caller's network address: wrong tries are counted for it and for the code. A right secret opens,
    however many wrong ones came before: it cannot be guessed (29^10), and nobody is to lock a resident out.
    """
    try:
        plain = clean_code(code)
    except BadInput:
        plain = ""  # no matter has it; it is tried all the same
    fits = hmac.compare_digest(_typed(secret).encode("utf-8", "replace"), _secret(plain).encode())
    if not knock(plain, {CODE: plain or code[:60], ADDRESS: address}, fits):
        raise NotAllowed(f"{_WRONG}（{_WRONG_EN}）")
    return reporter_of(plain)


def _typed(secret: str) -> str:
    return re.sub(r"[\s\-_.·—–－]+", "", unicodedata.normalize("NFKC", secret[:60])).upper()


def disclosed(
    code: str, secret: str, address: str, *, digits: str = "", lang: Lang = "zh", opens: bool = True
) -> Disclosed:
    """How a matter stands, for who shows its secret. With `digits`, the last four of the phone on record, also the own
    words: that reading is a line of the access stream, and wrong digits are counted by themselves. The answer to the
    reporter and the words of the own rating are opened too, a line each; without `opens` they stay closed: nothing of
    this is shown yet."""
    viewer = let_in(code, secret, address)
    sight = look(viewer, viewer.scope.only)
    title, text = _own_words(viewer, sight.stored, digits) if digits else ("", "")
    lines = _lines_of(viewer, sight)
    shown = replace(_shown(sight, lines, lang), title=title, text=text)
    if not opens:
        return shown
    return replace(shown, **_replied(viewer, sight.stored, lines), **_rated(viewer, sight.stored, lines))


def told_to_reporter(code: str, *, lang: Lang = "zh") -> Disclosed:
    """The same, without own words, for a paper that is handed to the reporter: whoever asks for it was let in as who
    sees the matter, by `look`."""
    viewer = reporter_of(code)
    sight = look(viewer, code)
    return _shown(sight, _lines_of(viewer, sight), lang)


def _lines_of(viewer: Viewer, sight: Sight) -> tuple[Line, ...]:
    return histories(viewer.scope, [sight.stored.id]).get(sight.stored.id, ())


def _shown(sight: Sight, lines: tuple[Line, ...], lang: Lang) -> Disclosed:
    matter, method = sight.stored.matter, sight.method
    units = names_of_units(_units(lines) | {matter.holder})
    main = main_of(matter)
    return Disclosed(
        code=matter.code,
        method=method.title.said(lang),
        stage=method.stages[matter.stage].title.said(lang),
        holder=units.get(matter.holder, ""),
        due=main.due if main is not None and matter.is_open else None,
        clock=clock_of(matter, moments.now()),
        position=matter.position,
        opened=sight.stored.opened,
        lines=tuple(_told(lines, method, units, lang)),
        offers=sight.offers,
        answer=reporter_answer(lines) if matter.is_open and matter.stage == CALL_BACK else None,
    )


def _replied(viewer: Viewer, stored: Stored, lines: tuple[Line, ...]) -> dict[str, Any]:
    """The answer to the reporter, opened for the reporter: a line of the access stream like any other."""
    found = latest_reply(lines) if stored.matter.reporter != "nobody" else None
    if found is None:
        return {}
    name, when = found
    text = _opened(viewer, stored, name, _REPLY)
    return {"reply": text, "replied": when} if text is not None else {}


def _rated(viewer: Viewer, stored: Stored, lines: tuple[Line, ...]) -> dict[str, Any]:
    """The own rating with its words, as it was given last."""
    stars = [line.event.stars for line in lines if isinstance(line.event, ev.Rated)]
    words = [line.event.body for line in lines if isinstance(line.event, ev.Acted) and line.event.verb == "rate"]
    if not stars:
        return {}
    rating = _opened(viewer, stored, words[-1], _RATING) if words and words[-1] else None
    return {"stars": stars[-1], "rating": rating or ""}


def _opened(viewer: Viewer, stored: Stored, name: str, reason: str) -> str | None:
    """Sealed words for the reporter; None where they are destroyed."""
    with seen_by(HOUSE):
        kept = any(one.name == name for one in vault.names_of(stored.matter.code))
    return open_named(viewer, stored, [name], reason)[0].text if kept else None


def _own_words(viewer: Viewer, stored: Stored, digits: str) -> tuple[str, str]:
    """Title and text as the reporter wrote them."""
    there = check_digits(viewer, stored, digits)
    own = [there[kind] for kind in ("title", "text") if kind in there]
    opened = {one.kind: one.text for one in open_named(viewer, stored, own, _OWN)} if own else {}
    return opened.get("title", ""), opened.get("text", "")


def check_digits(viewer: Viewer, stored: Stored, digits: str) -> Mapping[str, str]:
    """Raises NotAllowed unless these are the last four of the phone on record; answers with the names of what is sealed
    by kind. Once too many were wrong, nothing more is opened or written."""
    code = stored.matter.code
    if is_shut({DIGITS: code}):
        raise NotAllowed(f"{_DIGITS}（{_DIGITS_EN}）")
    with seen_by(HOUSE):
        there = {one.kind: one.name for one in vault.names_of(code)}
    phone = [there["phone"]] if "phone" in there else []
    known = re.sub(r"\D", "", open_named(viewer, stored, phone, "核对电话后四位")[0].text) if phone else ""
    typed = re.sub(r"\D", "", unicodedata.normalize("NFKC", digits[:20]))
    fits = len(typed) == 4 and len(known) >= 4 and hmac.compare_digest(known[-4:].encode(), typed.encode())
    if not knock(code, {DIGITS: code}, fits):
        raise NotAllowed(f"{_DIGITS}（{_DIGITS_EN}）")
    return there


_NAMED = ("holder", "unit", "owed_by", "ruler", "proposed")


def _units(lines: tuple[Line, ...]) -> set[int]:
    """Every unit that a sentence may name."""
    found: set[int] = set()
    for line in lines:
        told = line.event.__dict__
        found.update(told[name] for name in _NAMED if isinstance(told.get(name), int))
        found.update(told.get("units") or ())
    return found - {0}


def _told(lines: tuple[Line, ...], method: Method, units: dict[int, str], lang: Lang) -> Iterator[Told]:
    """The sentences. No number of a person, no code of a matter that another reporter has."""
    teller = ReporterTeller(method, units, lang)
    on_paper = Teller(method, units, lang)
    for line in lines:
        formal, sentence = on_paper.tell(line.event), teller.tell(line.event)
        yield Told(
            line.happened, sentence, type(line.event).__name__, formal if _names_nobody(line.event) else sentence
        )


def _names_nobody(event: ev.Event) -> bool:
    return not isinstance(event, ev.Assigned | ev.Linked | ev.Unlinked)
