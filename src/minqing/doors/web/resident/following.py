"""Following a matter with its code and secret: how it stands, what was done, and the moves that are the reporter's.

The secret comes in the body of a form (or in the fragment of a link, which no server sees) and goes back into hidden
fields of the forms of the page: never into an address, a session or a log.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from minqing.base.errors import MinqingError, NotAllowed
from minqing.doors.counter.addresses import address_of
from minqing.doors.counter.forms import shown_moves
from minqing.doors.counter.problems import Problem
from minqing.doors.counter.shapes import MoveIn
from minqing.doors.counter.stepping import Asked, step
from minqing.doors.web.faults import shows_again
from minqing.doors.web.matter.move_forms import MoveForm, form_of, read
from minqing.doors.web.once import name_of, new_name, request_of, typed_in
from minqing.doors.web.pages import open_page
from minqing.doors.web.posted import MOST_FILES, put_files, with_files
from minqing.doors.web.resident.voices import voice_in, voice_part
from minqing.doors.web.tongues import told_of, tongue
from minqing.kernel.matters.actions import Request, refuse_replayed
from minqing.kernel.matters.answering import ANSWERS
from minqing.kernel.matters.commands import Refusal
from minqing.kernel.matters.journal import Replayed
from minqing.kernel.matters.offers import Offer
from minqing.kernel.matters.public import Disclosed, Told, disclosed
from minqing.kernel.matters.queries import look
from minqing.kernel.matters.uploads import Upload
from minqing.registers.accounts.rules import reporter_of

SHOWN = 4  # moments of the timeline that are shown at once, the newest
#: Moves in a resident's words: title, icon, what it does. The order is that of the page.
WORDS: dict[str, tuple[str | Promise, str, str | Promise]] = {
    "call_back": (gettext_lazy("办好了没有，您满意吗"), "message", gettext_lazy("请您说一句实话")),
    "remind": (gettext_lazy("催一催"), "clock-exclamation", gettext_lazy("告诉承办单位和它的上级：您在等")),
    "rate": (gettext_lazy("评价"), "check", gettext_lazy("评的是这件事办得怎么样：1 星最差，5 星最好")),
    "reopen": (gettext_lazy("没办好，要求重新办"), "arrow-left", gettext_lazy("从原来的地方接着办")),
    "refer": (gettext_lazy("要求村里来办"), "building-community", gettext_lazy("不想自己解决，交给村里")),
    "note": (gettext_lazy("补充说明"), "edit", gettext_lazy("想起什么、写错了什么，都写在这里")),
    "unmerge": (gettext_lazy("要求单独办"), "file-text", gettext_lazy("不和别的事合在一起")),
    "correct": (gettext_lazy("反映的是经办单位或工作人员"), "users", gettext_lazy("被反映的单位和人一律回避")),
    "suspend": (gettext_lazy("我现在不方便，请等一等"), "player-pause", gettext_lazy("说明原因，办理的时限先停下来")),
    "resume": (gettext_lazy("可以接着办了"), "clock", gettext_lazy("时限接着算")),
    "withdraw": (gettext_lazy("撤回，不用办了"), "x", gettext_lazy("撤回以后这件事就结束了")),
}
#: What is over once it is sent: asks once more before, and says so after.
_ENDING: dict[str, str | Promise] = {"withdraw": gettext_lazy("已经撤回，这件事不再办了")}


@dataclass(frozen=True)
class Step:
    """One move as the page shows it."""

    form: MoveForm
    title: str
    drawing: str
    said: str
    ends: bool
    open: bool


@dataclass(frozen=True)
class Said:
    """What the page tells besides the matter: done, or what is to be mended (of which move), own words."""

    done: str = ""
    fault: str = ""
    at: str = ""
    title: str = ""
    text: str = ""
    forms: tuple[tuple[str, MoveForm], ...] = ()


def _again(request: HttpRequest, said: str) -> HttpResponse:
    """What was typed, when the word of its form is too old; nothing of it was done."""
    code, secret = request.POST.get("code", "")[:60], request.POST.get("secret", "")[:60]
    wanted = request.POST.get("do", "")
    if not wanted:
        return render(request, "web/resident/follow_ask.html", {"code": code, "secret": secret, "fault": said})
    told = disclosed(code, secret, address_of(request), lang=tongue())
    return matter_page(request, told, secret, Said(fault=said, at=wanted, forms=_kept(request, told, wanted, said)))


@shows_again(_again)
@with_files
@require_http_methods(["GET", "POST"])
@open_page
def follow(request: HttpRequest) -> HttpResponse:
    """Asks for code and secret; with them, the matter, after the move that was asked for."""
    if request.method == "GET":
        return render(request, "web/resident/follow_ask.html", {})
    code, secret = request.POST.get("code", "")[:60], request.POST.get("secret", "")[:60]
    moves = bool(request.POST.get("do"))
    try:
        told = disclosed(code, secret, address_of(request), lang=tongue(), opens=not moves)
    except NotAllowed as fault:
        context = {"code": code, "secret": secret, "fault": told_of(fault)}
        return render(request, "web/resident/follow_ask.html", context, status=403)
    if not moves:
        return matter_page(request, told, secret, Said())
    return page_after(request, told, secret, _done(request, told, secret))


def page_after(request: HttpRequest, told: Disclosed, secret: str, said: Said) -> HttpResponse:
    """The matter as it stands after what was asked for; `told`: as it stood before, with its answer still closed."""
    now = disclosed(told.code, secret, address_of(request), lang=tongue())
    return matter_page(request, now, secret, said)


def matter_page(request: HttpRequest, told: Disclosed, secret: str, said: Said) -> HttpResponse:
    """The matter as `told`."""
    shown = [one for one in told.lines if one.sentence]
    groups = [(at, [*dict.fromkeys(one.sentence for one in lines)]) for at, lines in groupby(shown, key=_moment)][::-1]
    verbs = {offer.verb for offer in told.offers}
    context = {
        "told": told,
        "secret": secret,
        "once": new_name(),
        "recent": groups[:SHOWN],
        "earlier": groups[SHOWN:],
        "said": said,
        "urgent": bool(said.done) and _is_urgent(told),
        "steps": _steps(told, said),
        "may_attach": "record" in verbs,
        "asked": _asks(told),
        "answer": _answer_shown(told, said),
        "most_files": MOST_FILES,
        "here": request.path,
        **voice_part(),
    }
    return render(request, "web/resident/follow.html", context, status=422 if said.fault else 200)


def _answer_shown(told: Disclosed, said: Said) -> dict[str, Any] | None:
    """The answer on record, in words; the question stands open again where another answer was refused."""
    if told.answer is None:
        return None
    zh, en = ANSWERS[told.answer.answer]
    words = en if tongue() == "en" else zh
    return {
        "words": words,
        "at": told.answer.at,
        "name": told.answer.answer,
        "open": said.at == "answer" and said.fault,
    }


def _is_urgent(told: Disclosed) -> bool:
    """Whether it is an emergency that still runs: what was just said may have made it one."""
    viewer = reporter_of(told.code)
    return told.clock != "ended" and bool(look(viewer, told.code, only="note").stored.matter.emergency)


def _moment(line: Told) -> datetime:
    return line.happened


def _steps(told: Disclosed, said: Said) -> list[Step]:
    """The offers as forms; what stands in the page otherwise (files) is left out."""
    refused = dict(said.forms)
    order = {verb: place for place, verb in enumerate(WORDS)}
    steps = []
    for move in sorted(_moves(told), key=lambda move: order.get(move["move"], len(order))):
        verb = move["move"]
        title, drawing, words = WORDS.get(verb, (move["title"], "chevron-right", ""))
        form = refused.get(verb) or form_of(move)
        steps.append(Step(form, str(title), drawing, str(words), verb in _ENDING, said.at == verb))
    return steps


def _moves(told: Disclosed) -> list[dict[str, Any]]:
    """The moves without papers that may be put on record along the way: those are the desk's. The answer to the
    call-back has a place of its own on the page: a note is words."""
    offers = [
        replace(offer, asks=tuple(ask for ask in offer.asks if ask.required or ask.kind != "records"))
        for offer in told.offers
        if offer.verb != "record"
    ]
    return shown_moves([_words_alone(offer) if offer.verb == "note" else offer for offer in offers], tongue())


def _words_alone(note: Offer) -> Offer:
    return replace(
        note, asks=tuple(replace(ask, required=True) for ask in note.asks if ask.name == "reason"), one_of=()
    )


def _done(request: HttpRequest, told: Disclosed, secret: str) -> Said:
    """Does what was asked for; says what came of it."""
    wanted = request.POST.get("do", "")
    if wanted == "words":
        return _own_words(request, told, secret)
    try:
        if wanted == "file":
            return _attached(request, told)
        if wanted == "answer":
            return _answered(request, told)
        return _moved(request, told, wanted) if wanted else Said()
    except Replayed:
        return Said(done=_("已经收到了，不用再提交"))
    except (Problem, MinqingError) as fault:
        detail = told_of(fault)
        return Said(fault=detail, at=wanted, forms=_kept(request, told, wanted, detail))


def _own_words(request: HttpRequest, told: Disclosed, secret: str) -> Said:
    digits = request.POST.get("last4", "").strip()
    try:
        own = disclosed(told.code, secret, address_of(request), digits=digits or "-", lang=tongue(), opens=False)
    except NotAllowed as fault:
        return Said(fault=told_of(fault), at="words")
    title = "" if own.text.startswith(own.title.rstrip("…")) else own.title  # it was made of the first words
    return Said(title=title, text=own.text, at="words")


def _moved(request: HttpRequest, told: Disclosed, verb: str) -> Said:
    """A move of the reporter, from the fields of its form."""
    once = _once_of(request, told, verb)
    refuse_replayed(once)  # what was done may not be on offer a second time
    move = next((one for one in _moves(told) if one["move"] == verb), None)
    if move is None:
        return Said(fault=_("这一步现在不能办了：请看下面现在的情况"))
    filled = read(move, request.POST)
    if filled.faults:
        form = form_of(move, request.POST, filled.faults)
        return Said(fault=_("还差几处：请看下面标红的地方"), at=verb, forms=((verb, form),))
    if verb in _ENDING and request.POST.get("sure") != "yes":
        form = form_of(move, request.POST, fault=_("还没有撤回：确实不用办了，请勾选“我确定”再提交"))
        return Said(fault=_("还没有撤回"), at=verb, forms=((verb, form),))
    said = _stepped(told, MoveIn(move=verb, **filled.fields), once, str(WORDS.get(verb, (move["title"],))[0]))
    return replace(said, done=str(_ENDING.get(verb, said.done)))


def _stepped(told: Disclosed, move: MoveIn, once: Request, title: str) -> Said:
    done = step(Asked(reporter_of(told.code), told.code, None, once), move)
    if isinstance(done, Refusal):
        raise Problem(422, done.reason, done.zh, done.en)
    return Said(done=_("已经收到：%(title)s") % {"title": title})


def _answered(request: HttpRequest, told: Disclosed) -> Said:
    """The reporter's own answer while the call-back is due; whoever calls back goes by it."""
    answer = {"yes": "satisfied", "no": "unsatisfied"}.get(request.POST.get("answer", ""))
    if answer is None:
        return Said(fault=_("请选“满意”或“不满意”"), at="answer")
    if not _asks(told):
        return Said(fault=_("这一步现在不能办了：请看下面现在的情况"))
    words = request.POST.get("answer_words", "").strip()[:5000]
    move = {"move": "note", "to": answer} | ({"reason": words} if words else {})
    said = _stepped(told, MoveIn.model_validate(move), _once_of(request, told, "answer"), "")
    return replace(said, done=_("您的答复已记下，回访的人会看到"))


def _asks(told: Disclosed) -> bool:
    """Whether the call-back is due and the reporter may answer it here, and does not make it here."""
    verbs = {offer.verb for offer in told.offers}
    notes = (ask.name for offer in told.offers if offer.verb == "note" for ask in offer.asks)
    return "to" in notes and "call_back" not in verbs


def _attached(request: HttpRequest, told: Disclosed) -> Said:
    """Files that the reporter adds."""
    voice = voice_in(request)
    files = [Upload(file.read(), file.name or "") for file in request.FILES.getlist("files")[:MOST_FILES]]
    files += [voice] if voice is not None else []
    if not files:
        return Said(fault=_("请先选择照片或文件，或录一段话"), at="file")
    faults = put_files(request, told.code, reporter_of(told.code), files, "follow", "file")
    done_words = _("文件已收下") if len(faults) < len(files) else ""
    return Said(done=done_words, fault=" ".join(faults), at="file")


def _kept(request: HttpRequest, told: Disclosed, verb: str, fault: str) -> tuple[tuple[str, MoveForm], ...]:
    """The form that was refused, with all that was typed."""
    move = next((one for one in _moves(told) if one["move"] == verb), None)
    return ((verb, form_of(move, request.POST, fault=fault)),) if move is not None else ()


def _once_of(request: HttpRequest, told: Disclosed, part: str) -> Request:
    """What this form is called: sent twice, it is done once."""
    return request_of(name_of(request.POST), "follow", told.code, part, typed=typed_in(request.POST))
