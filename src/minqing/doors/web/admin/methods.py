"""Methods: what is published, in words and drawn; how versions differ; a new version checked, then published."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from minqing.base.definitions import LARGEST, Complaint, DefinitionErrors
from minqing.base.errors import BadInput, NotFound
from minqing.doors.web.admin.drawing import drawn
from minqing.doors.web.admin.frame import ADMINISTRATOR, AUDITOR, done, shown
from minqing.doors.web.pages import desk_page
from minqing.doors.web.posted import dropped
from minqing.doors.web.tongues import told_of, tongue
from minqing.kernel.matters.ports import vocabulary
from minqing.kernel.matters.versions import Published, methods_of, publish, versions_of
from minqing.kernel.methods.bpmn import bpmn
from minqing.kernel.methods.diff import Diff
from minqing.kernel.methods.diff import diff as compare
from minqing.kernel.methods.loader import load_method
from minqing.kernel.methods.model import Method
from minqing.kernel.methods.phrases import Phrases
from minqing.kernel.methods.picture import picture
from minqing.kernel.methods.read import read_aloud
from minqing.kernel.methods.remarks import not_run_yet, remarks
from minqing.registers.accounts.queries import names_of
from minqing.registers.accounts.rules import Viewer
from minqing.registers.regions.codes import parse_code
from minqing.registers.regions.queries import known_places

LOOKING = ADMINISTRATOR + AUDITOR


@require_GET
@desk_page(roles=LOOKING)
def listing(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Every method, in the version that is in force."""
    every = versions_of()
    current = {one.slug: one for one in reversed(every)}
    methods = methods_of([(one.slug, one.version) for one in current.values()])
    rows = [
        {
            "slug": slug, "title": title_of(methods[slug, one.version]), "place": _place(methods[slug, one.version]),
            "at": one.at, "versions": sum(other.slug == slug for other in every),
            "open": sum(sum(other.open.values()) for other in every if other.slug == slug),
        }
        for slug, one in sorted(current.items())
    ]  # fmt: skip
    return shown(request, "methods", "admin-methods", rows=rows)


def _place(method: Method) -> str:
    key = parse_code(method.place) if method.place else 0
    found = known_places([key]).get(key)
    return f"{found.name} {method.place}" if found is not None else method.place


def title_of(method: Method) -> str:
    """What a method is called in the tongue of the page."""
    return method.title.said(tongue())


@require_GET
@desk_page(roles=LOOKING)
def one(request: HttpRequest, viewer: Viewer, slug: str) -> HttpResponse:
    """One version (that in force, when none is named): read aloud, drawn, as its file; and the others."""
    every = versions_of(slug)
    chosen = chosen_of(every, request.GET.get("version") or every[0].version)
    method = loaded(chosen)
    lang = tongue()
    names = names_of([one.by for one in every if one.by])
    return shown(
        request, "method", "admin-methods", slug=slug, method=method, heading=title_of(method), chosen=chosen,
        every=[(one, names.get(one.by, ""), sum(one.open.values())) for one in every], read=_read(method),
        drawing=drawn(bpmn(method, vocabulary(), lang), title_of(method)), steps=_steps(method, lang),
        remarks=remarks(method, f"{slug}.yaml"), in_force=chosen == every[0],
    )  # fmt: skip


def chosen_of(every: Collection[Published], version: str) -> Published:
    """The version of that name."""
    found = next((one for one in every if one.version == version), None)
    if found is None:
        raise NotFound("没有这个版本：请从版本表进入（no such version: enter from the list of versions）")
    return found


def loaded(one: Published) -> Method:
    """A version, ready to run."""
    return methods_of([(one.slug, one.version)])[one.slug, one.version]


def _read(method: Method) -> list[tuple[str, list[str]]]:
    """The reading aloud by its headings; the first line is the title, which the page has."""
    blocks = read_aloud(method, vocabulary()).strip().split("\n\n")[1:]
    return [(lines[0], lines[1:]) for lines in (block.split("\n") for block in blocks)]


def _steps(method: Method, lang: str) -> list[dict[str, Any]]:
    """The drawing as a list: each box with where it leads and what takes a matter there."""
    seen = picture(method, Phrases(method, vocabulary()), lang)
    titles = {box.slug: box.title for box in seen.boxes}
    return [
        {"box": box, "ways": [(arrow.label, titles.get(arrow.target, arrow.target), arrow.why) for arrow in ways]}
        for box in seen.boxes
        if (ways := seen.leaving(box.slug)) or box.shape in ("stage", "end")
    ]


@require_GET
@desk_page(roles=LOOKING)
def file(request: HttpRequest, viewer: Viewer, slug: str, version: str) -> HttpResponse:
    """The file of a version, to keep or to change; or its drawing for a drawing program."""
    method = loaded(chosen_of(versions_of(slug), version))
    as_bpmn = request.GET.get("as") == "bpmn"
    text = bpmn(method, vocabulary()) if as_bpmn else method.text
    name = f"{slug}.bpmn" if as_bpmn else f"{slug}.yaml"
    kind = "application/xml" if as_bpmn else "application/yaml"
    return HttpResponse(
        text, content_type=f"{kind}; charset=utf-8", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


@require_GET
@desk_page(roles=LOOKING)
def differing(request: HttpRequest, viewer: Viewer, slug: str) -> HttpResponse:
    """Two versions compared, and what the later means for matters that run under the earlier."""
    every = versions_of(slug)
    new = chosen_of(every, request.GET.get("new") or every[0].version)
    before = every[1] if len(every) > 1 else every[0]
    old = chosen_of(every, request.GET.get("old") or before.version)
    found = compare(loaded(old), loaded(new), vocabulary())
    return shown(
        request, "method_diff", "admin-methods", slug=slug, heading=title_of(loaded(new)), old=old, new=new,
        every=every, **_compared(found, old),
    )  # fmt: skip


def _compared(found: Diff, old: Published) -> dict[str, Any]:
    """Changes in the reader's tongue, and the effect on each stage in which matters of the old version stand."""
    english = tongue() == "en"
    effects = found.affects_open(list(old.open))
    return {
        "changes": [(one.how, one.en if english else one.zh) for one in found.changes],
        "effects": [(one.effect, one.en if english else one.zh, old.open[one.stage]) for one in effects],
    }


@require_http_methods(["GET", "POST"])
@desk_page(roles=ADMINISTRATOR)
def new_version(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """A file is checked, its differences are shown, and only then is it published."""
    if request.method == "GET":
        slug = request.GET.get("of", "")
        text = loaded(versions_of(slug)[0]).text if slug else ""
        return shown(request, "method_new", "admin-methods", text=text, slug=slug)
    try:
        text = handed_in(request)
    except BadInput as refused:
        typed = request.POST.get("text", "")
        return shown(request, "method_new", "admin-methods", status=422, text=typed, fault=told_of(refused))
    try:
        method = load_method(text, vocabulary())
    except DefinitionErrors as refused:
        return shown(
            request, "method_new", "admin-methods", status=422, text=text,
            complaints=[(one, _line_of(text, one)) for one in refused.complaints],
        )  # fmt: skip
    unready = not_run_yet(method, f"{method.slug}.yaml")
    if request.POST.get("do") == "publish" and unready is None:
        return _published(request, method, viewer)
    every = versions_of()
    known = [one for one in every if one.slug == method.slug]
    found = _compared(compare(loaded(known[0]), method, vocabulary()), known[0]) if known else {}
    return shown(
        request, "method_new", "admin-methods", status=200 if request.POST.get("do") != "publish" else 422,
        text=text, checked=method, heading=title_of(method), known=bool(known),
        same=bool(known) and known[0].version == method.version, remarks=remarks(method, f"{method.slug}.yaml"),
        read=_read(method), unready=unready, **found,
    )  # fmt: skip


def _published(request: HttpRequest, method: Method, viewer: Viewer) -> HttpResponse:
    new = publish(method, actor=viewer.person)
    said = _("已发布：%(title)s；新来件按这一版办，在办的按原版办完") if new else _("%(title)s这一版已在用，没有改动")
    return done(request, said % {"title": title_of(method)}, "admin-method", slug=method.slug)


def handed_in(request: HttpRequest) -> str:
    """The text of the file that was chosen, else what stands in the field."""
    sent = request.FILES.get("file")
    if sent is None and not dropped(request):
        return request.POST.get("text", "").replace("\r\n", "\n")
    if sent is None or (sent.size or 0) > LARGEST:
        raise BadInput(f"工作法文件最多 {LARGEST >> 10} KB（a method file has at most {LARGEST >> 10} KB）")
    try:
        said: str = sent.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadInput("文件不是 UTF-8 编码：请另存为 UTF-8（save the file as UTF-8）") from None
    return said.replace("\r\n", "\n")


def _line_of(text: str, complaint: Complaint) -> str:
    lines = text.split("\n")
    return lines[complaint.line - 1] if 0 < complaint.line <= len(lines) else ""
