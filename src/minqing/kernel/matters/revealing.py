"""Opening what is sealed: who may, for what stated reason, and the line that says so before anything is handed out.

A line of the access stream (subject: the code of the matter) names what was opened, by whom, in which unit, and the
keyed hash of the reason; the reason itself is sealed. What is refused leaves no line. Masked copies are not sealed in
this sense: whoever sees the matter sees them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection, transaction

from minqing.base import moments
from minqing.base.errors import BadInput, NotAllowed, NotFound
from minqing.base.ledger.streams import ACCESS, Note, append
from minqing.base.moments import in_china
from minqing.kernel.matters.bodies import clean_value, name_of
from minqing.kernel.matters.calling import WHOM_TO_CALL, may_ask, may_call
from minqing.kernel.matters.cast import stands_above, takes_no_part
from minqing.kernel.matters.commands import Context
from minqing.kernel.matters.keeping import kept
from minqing.kernel.matters.matter import Matter
from minqing.kernel.matters.reading import Stored, histories, read_named, read_one
from minqing.kernel.matters.replying import SETTLE, latest_reply
from minqing.kernel.matters.rights import check_right, has_right, opens_to_call_alone
from minqing.kernel.matters.surroundings import around
from minqing.kernel.matters.versions import methods_of
from minqing.kernel.methods.model import Method
from minqing.kernel.methods.titles import Title
from minqing.kernel.methods.vocabulary import KERNEL_VERBS, STANDING_VERBS
from minqing.registers.accounts.rules import HOUSE, Viewer
from minqing.registers.accounts.scoping import seen_by
from minqing.registers.vault import queries as vault
from minqing.registers.vault.sealing import seal

LONGEST_REASON = 200  # characters
READING = 0x6D71_0003  # advisory lock: lines of one matter's access are written one after the other

_TITLES = {
    "title": Title("标题原文", "title as written"), "text": Title("正文原文", "text as written"),
    "name": Title("反映人姓名", "the reporter's name"), "phone": Title("联系电话", "phone"),
    "address": Title("联系地址", "address"), "id_number": Title("证件号码", "identity number"),
    "email": Title("电子邮箱", "e-mail"), "way": Title("联系方式", "how to reach them"),
    "location": Title("具体位置", "exact position"), "reveal": Title("查阅理由", "reason for reading"),
    "fulfil": Title("完成情况的说明", "words on what was owed"),
    SETTLE: Title("给反映人的答复", "answer to the reporter"),
}  # fmt: skip
#: What came with the report and may tell who brought it.
_OF_REPORTER = frozenset(_TITLES) - {"reveal", "fulfil", SETTLE}


@dataclass(frozen=True)
class Named:
    """What is sealed under a name, not what it says. `media` and `size` (bytes) are of files."""

    name: str
    kind: str
    title: Title
    media: str = ""
    size: int = 0


@dataclass(frozen=True)
class Revealed:
    """A sealed value, opened: words in `text`, a file in `data`."""

    name: str
    kind: str
    title: Title
    text: str = ""
    media: str = ""
    data: bytes = b""


def sealed_names(viewer: Viewer, code: str) -> tuple[Named, ...]:
    """What the viewer could ask to open of a matter they see; nothing where they have no part in it now."""
    if not has_right(viewer, "reveal"):
        read_one(viewer.scope, code)
        return ()
    stored, names = read_named(viewer.scope, code)
    return named_in(viewer, stored, None, names)


def named_in(
    viewer: Viewer, stored: Stored, context: Context | None, names: Sequence[vault.Named]
) -> tuple[Named, ...]:
    """The same of what was read already (`read_named`), in the context of that look: what this part may open."""
    stake = _stake_of(viewer, stored, context) if names and has_right(viewer, "reveal") else None
    if stake is None:
        return ()
    method = _method(stored.matter)
    return tuple(_named(one, method) for one in names if stake.may(one))


def reveal(viewer: Viewer, code: str, name: str, reason: str) -> Revealed:
    """Opens one sealed value for somebody who has an open part in the matter and says why.

    Raises NotFound for a matter they do not see and for a name that is not there, NotAllowed, BadInput without reason.
    """
    check_right(viewer, "reveal")
    said = _reason(reason)
    stored = read_one(viewer.scope, code)
    stake = _stake_of(viewer, stored)
    if stake is None:
        raise NotAllowed(
            "只有正在承办、协办、回访这件事的岗位及其上级可以查阅封存的内容"
            "（only who holds it, owes something, calls back or stands above the holder may open what is sealed）"
        )
    return open_named(viewer, stored, [name], said, stake)[0]


def open_named(
    viewer: Viewer, stored: Stored, names: Sequence[str], reason: str, stake: Stake | None = None
) -> list[Revealed]:
    """Opens values for whom a caller has found to be allowed; first come the lines. One transaction."""
    code, method = stored.matter.code, _method(stored.matter)
    with transaction.atomic(), seen_by(HOUSE):
        there = {one.name: one for one in vault.names_of(code)}
        missing = [name for name in names if name not in there]
        if missing:
            raise NotFound(
                "没有这项封存的内容，或已经删除：请刷新后再看（there is no such sealed value, or it was erased）"
            )
        if stake is not None and not all(stake.may(there[name]) for name in names):
            raise NotAllowed(stake.why_not())
        _write_lines(viewer, stored, [there[name] for name in names], reason)
        return [_open(code, there[name], method) for name in names]


def _open(code: str, one: vault.Named, method: Method) -> Revealed:
    named = _named(one, method)
    if one.kind == "file":
        file = vault.open_file(code, one.name)
        if file is not None:
            return Revealed(named.name, named.kind, named.title, media=file.media, data=file.data)
    elif (value := vault.open_value(code, one.name)) is not None:
        return Revealed(named.name, named.kind, named.title, value.decode())
    raise NotFound("这项内容已经删除（this was erased）")


def _write_lines(viewer: Viewer, stored: Stored, opened: Sequence[vault.Named], reason: str) -> None:
    """The reason sealed under the matter's key, and a line for each value; before anything is opened."""
    code = stored.matter.code
    mark = name_of(code, "reveal", reason)
    _keep_reason(stored, mark, reason)
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, hashtext(%s))", [READING, code])
        cursor.execute("select happened from ledger_subject where stream = %s and code = %s", [ACCESS.number, code])
        found = cursor.fetchone()
    now = moments.now()
    when = max(now, in_china(found[0])) if found is not None else now
    notes = [
        Note("Revealed", when, {"name": one.name, "kind": one.kind, "reason": mark, **_who(viewer)}, viewer.person)
        for one in opened
    ]
    append(ACCESS, code, notes)


def _who(viewer: Viewer) -> dict[str, object]:
    return {
        "unit": viewer.unit, "post": viewer.post, "token": viewer.token,
        "as": viewer.role or "+".join(sorted(viewer.roles)),
    }  # fmt: skip


def _keep_reason(stored: Stored, mark: str, reason: str) -> None:
    key = vault.key_of(stored.matter.code)
    if key is None:
        raise NotFound("这件事的封存内容已经删除（what was sealed of this matter was erased）")
    why = kept("reveal")
    with connection.cursor() as cursor:
        cursor.execute(
            "select vault_keep(%s::text[], %s::text[], %s::text[], %s::bytea[], %s, %s, %s)",
            [[key.subject], [mark], ["reveal"], [seal(key, mark, reason)], why.purpose, why.ground,
             why.ends(stored.opened.date())],
        )  # fmt: skip


def _reason(reason: str) -> str:
    said = clean_value(reason)
    if not said or len(said) > LONGEST_REASON:
        raise BadInput(f"请写明查阅的理由，1 到 {LONGEST_REASON} 字（say why, in 1 to {LONGEST_REASON} characters）")
    return said


def _named(one: vault.Named, method: Method) -> Named:
    return Named(one.name, one.kind, Title(one.title) if one.title else _title(one.kind, method), one.media, one.size)


def _title(kind: str, method: Method) -> Title:
    if kind.startswith("form."):
        own = method.form.get(kind.removeprefix("form."))
        return own.title if own is not None else Title(kind)
    if kind.startswith("reporter."):
        return Title("反映人补充的话", "what the reporter added")
    verb = KERNEL_VERBS.get(kind) or STANDING_VERBS.get(kind)
    said = Title(f"{verb.zh}的说明", f"words with: {verb.en}") if verb is not None else Title("说明", "words")
    return _TITLES.get(kind) or said


@dataclass(frozen=True)
class Stake:
    """An open part in a matter. `near`: holds it or verifies it, and so may know an unnamed reporter. `calls`: may call
    back now, and so may know whom to call, named or not. `works`: has a part besides; who has none opens of what was
    said only `reply`, the name of what the reporter was told last."""

    near: bool
    unnamed: bool
    calls: bool = False
    works: bool = True
    reply: str = ""

    def may(self, one: vault.Named) -> bool:
        """Whether that value is for this part. Reasons of look-ups are for the auditors' own way alone."""
        kind = one.kind
        if kind == "reveal":
            return False
        if self.calls and kind in WHOM_TO_CALL:
            return True
        if not self.works:
            return self.calls and one.name == self.reply
        hidden = self.unnamed and not self.near
        return not (hidden and (kind in _OF_REPORTER or kind == "file" or kind.startswith(("form.", "reporter."))))

    def why_not(self) -> str:
        """What is told where it is not."""
        if not self.works:
            return (
                "回访的人只能查阅反映人的姓名和电话、给反映人的答复"
                "（who calls back may open name, phone and the answer to the reporter alone）"
            )
        return (
            "反映人要求不公开身份：只有承办单位可以查阅，回访的人可以查阅姓名和电话、给反映人的答复"
            "（the reporter asked to be unnamed: only the holder may open this; who calls back, whom to "
            "call and what they were told）"
        )


def _stake_of(viewer: Viewer, stored: Stored, context: Context | None = None) -> Stake | None:
    """The part the viewer has in the matter now; None for none. The house has one where it writes to the reporter."""
    matter = stored.matter
    unnamed = matter.reporter == "unnamed"
    if viewer.scope.house and "machine" in viewer.roles:
        return Stake(True, unnamed)
    method = _method(matter)
    if not matter.is_open or not viewer.person or not viewer.unit:
        return None
    when = max(moments.now(), stored.happened)
    context = context or around([matter.place]).context(matter.place, when, viewer, {})
    if takes_no_part(viewer, matter, context.cast):
        return None
    calls = may_call(method, matter, context)
    if opens_to_call_alone(viewer):
        return Stake(False, unnamed, calls, works=False, reply=_reply(stored)) if calls else None
    if viewer.unit == matter.holder or may_ask("verify", method, matter, context):
        return Stake(True, unnamed, calls)
    owes = any(duty.owed_by == viewer.unit for duty in matter.open_duties())
    above = stands_above(viewer.unit, matter.holder, context.cast) and stored.sensitivity <= viewer.scope.sensitivity
    works = owes or above
    if not works and not calls:
        return None
    return Stake(False, unnamed, calls, works, "" if works else _reply(stored))


def _reply(stored: Stored) -> str:
    """The name of what the reporter was told last; '' for nothing."""
    found = latest_reply(histories(HOUSE, [stored.id]).get(stored.id, ()))
    return found[0] if found is not None else ""


def _method(matter: Matter) -> Method:
    version = (matter.method, matter.version)
    return methods_of([version])[version]
