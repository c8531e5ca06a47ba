"""Acts over two matters: what is written beside the one that was acted on, in the same transaction, all or none.

The kernel decides each side (`joining`); here the other side is read, decided, and handed back as an entry. A merged
matter goes on when its lead has ended: `lead_ended` is for the reaction to that, harmless when repeated.
"""

from __future__ import annotations

from dataclasses import replace

from minqing.base import moments
from minqing.kernel.matters import ports
from minqing.kernel.matters.bodies import name_of
from minqing.kernel.matters.codes import new_code
from minqing.kernel.matters.commands import Command, Refusal
from minqing.kernel.matters.decide import decide
from minqing.kernel.matters.deciding import Said, decided
from minqing.kernel.matters.entries import Body, Entry, entry
from minqing.kernel.matters.intake import spot_emergency
from minqing.kernel.matters.joining import TAKES_IN, child_of, lead_of, next_on
from minqing.kernel.matters.matter import Matter
from minqing.kernel.matters.reading import Stored, read, read_one
from minqing.kernel.matters.revealing import open_named
from minqing.kernel.matters.surroundings import around
from minqing.kernel.matters.versions import current_method
from minqing.registers.accounts.rules import HOUSE, MACHINE, Viewer
from minqing.registers.accounts.scoping import seen_by
from minqing.registers.vault import queries as vault

_MIRRORED = ("merge", "unmerge", "link", "follow_lead")
#: What a part needs of the whole besides its words: who is called back, and where it is. Title and text stay behind.
_GOES_ALONG = ("name", "phone", "address", "id_number", "email", "way", "location")
_MARKED = ("name", "phone", "address", "id_number", "email")


def with_code(command: Command) -> Command:
    """A split names the matter that it makes: a fresh code, given here."""
    return replace(command, code=new_code()) if command.verb == "split" and not command.code else command


def beside(stored: Stored, made: Entry, command: Command, viewer: Viewer, said: Said) -> list[Entry] | Refusal:
    """What is written on another matter along with an entry; [] for all but acts over two."""
    if command.verb in _MIRRORED or lead_of(stored.matter) != lead_of(made.after):
        return _mirrored(stored.matter, made.after, command, viewer)
    if command.verb == "split":
        part = _part(stored, command, viewer, said)
        return part if isinstance(part, Refusal) else [part]
    return []


def _mirrored(before: Matter, after: Matter, command: Command, viewer: Viewer) -> list[Entry] | Refusal:
    """The other side. Who may act on one may not see the other (a reporter takes theirs out of a lead): the house's own
    program notes it there then."""
    if command.verb in _MIRRORED:
        code = command.code or lead_of(before)
        follows = next_on(replace(command, code=code), before)
    else:  # words said later made it an emergency: it was taken out of its lead
        code, follows = lead_of(before), Command("mirror", code=before.code)
    if follows is None:
        return []
    seen = read(viewer.scope, [code]).get(code)
    other = seen or read_one(HOUSE, code)
    made = decided(other, follows, viewer if seen is not None else MACHINE, Said(), other=after)
    return made if isinstance(made, Refusal) else [made]


def _part(stored: Stored, command: Command, viewer: Viewer, said: Said) -> Entry | Refusal:
    """The report of the part: the words of who splits, the reporter's own ways to be reached, under its own key."""
    method = current_method(stored.matter.method)
    code = command.code
    body = name_of(code, "", said.words)
    asked = replace(child_of(stored.matter, command), body=body)
    if not asked.emergency:
        asked = replace(asked, emergency=spot_emergency(method, said.words, asked.tags))
    moment = max(moments.now(), stored.happened)
    context = around([asked.place]).context(asked.place, moment, viewer, {})
    decision = decide(method, None, asked, context)
    if isinstance(decision, Refusal):
        return decision
    (read_,) = ports.reader()([("", said.words)])
    bodies = (Body(body, "text", said.words), *_carried(stored, code))
    return entry(
        decision.matter, decision.events, moment, method, actor=viewer.person, bodies=bodies,
        title=read_.masked_title, text=read_.masked_text, words=read_.words, sensitivity=stored.sensitivity,
        topic="report",
    )  # fmt: skip


def _carried(stored: Stored, to: str) -> list[Body]:
    """What goes along, opened by the house with its line and sealed again under the part's key."""
    with seen_by(HOUSE):
        names = [one.name for one in vault.names_of(stored.matter.code) if one.kind in _GOES_ALONG]
    opened = open_named(MACHINE, stored, names, f"分案：{to}") if names else []
    return [
        Body(one.name, one.kind, one.text, ((one.kind, one.text),) if one.kind in _MARKED else ()) for one in opened
    ]


def taken_in(code: str) -> tuple[str, ...]:
    """Codes of the matters that are merged into this one now."""
    lead = read_one(HOUSE, code).matter
    inside = [other for other, how in lead.links if how == TAKES_IN]
    return tuple(code_ for code_, one in read(HOUSE, inside).items() if lead_of(one.matter) == code)
