"""What answers look like: for the OpenAPI, and for the test that every answer is as described."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

Clock = Literal["running", "near", "late", "ended"]
#: draft 2020-12, complete: a client that knows nothing of Minqing can fill it in.
JsonSchema = Annotated[dict[str, Any], Field(description="JSON Schema, draft 2020-12")]


class UnitOut(BaseModel):
    """A unit: its slug, and what it is called."""

    unit: str
    name: str


class PlaceOut(BaseModel):
    """A division or grid."""

    code: str
    name: str


class MoveOut(BaseModel):
    """A step that whoever asks may take now. Sent to `…/moves` as `{"move": move}` with the fields its schema names;
    `clears` are the numbers of the duties it would meet."""

    move: str
    title: str
    fields: JsonSchema
    clears: list[int]


class DutyOut(BaseModel):
    """Something owed by somebody by a moment."""

    duty: int
    kind: str
    title: str
    owed_by: UnitOut | None
    starts: datetime
    due: datetime
    state: Literal["open", "done", "missed", "dropped", "paused"]
    late: bool
    provisional: bool


class StandingOut(BaseModel):
    """Where a matter stands. `position` is also its ETag."""

    code: str
    method: str
    version: str
    stage: str
    stage_title: str
    holder: UnitOut | None
    level: str
    level_title: str
    due: datetime | None
    clock: Clock
    end: str | None
    position: int


class SealedOut(BaseModel):
    """Something sealed: its name and what it is, not what it says."""

    name: str
    kind: str
    title: str


class LinkOut(BaseModel):
    """Another matter, and how the two belong together: related, recurrence, merged, takes_in, part …"""

    code: str
    how: str


class MatterOut(StandingOut):
    """A matter as its viewer sees it: words masked, sealed fields by name only."""

    title: str
    text: str
    kind: str
    category: str
    channel: str
    place: PlaceOut
    people: int
    links: list[LinkOut]
    duties: list[DutyOut]
    sealed: Annotated[list[SealedOut], Field(description="names only; the move `reveal` opens one, with a reason")]
    moves: list[MoveOut]


class RevealedOut(SealedOut):
    """A sealed field, opened: words in `text`, a file in `data` (base64). The reading stands in the access journal."""

    text: str
    media: str
    data: str


class ActedOut(MatterOut):
    """The matter after a move; `revealed` after the move `reveal`."""

    revealed: RevealedOut | None = None


class DoneOut(BaseModel):
    """A move that was done, by somebody who does not see the matter any more: it is against their own unit now, or has
    gone where they see nothing. `position` is the one it led to."""

    code: str
    position: int
    seen: Literal[False]
    moves: Annotated[list[MoveOut], Field(max_length=0)]


class ReportedOut(StandingOut):
    """A concern taken in. Whoever reports is told `code` and `secret`: both open the public page, and the secret is
    not shown to anybody else."""

    secret: str | None
    moves: list[MoveOut]


class ReceiptOut(StandingOut):
    """The same in an answer to many: without moves."""

    secret: str | None


class ProblemOut(BaseModel):
    """RFC 9457: what went wrong and what to do. `reason`: the kernel's word for a refusal; `moves`: what may be done
    instead; `errors`: where a request does not fit; `yours`, `theirs`: both sides of a stale request."""

    type: str
    title: str
    status: int
    detail: str
    reason: str | None = None
    errors: list[dict[str, Any]] | None = None
    moves: list[MoveOut] | None = None
    yours: dict[str, Any] | None = None
    theirs: dict[str, Any] | None = None


class RowOut(BaseModel):
    """What became of one row: `matter` or `problem`. `replayed`: this row was taken before, under the same key; the
    matter is as it stands now."""

    row: int
    status: int
    replayed: bool = False
    matter: ReceiptOut | None = None
    problem: ProblemOut | None = None


class BulkOut(BaseModel):
    """The rows in the order they were sent."""

    rows: list[RowOut]


class ListedOut(BaseModel):
    """One line of a list; the title is the masked one."""

    code: str
    title: str
    method: str
    stage: str
    level: str
    kind: str
    holder: UnitOut | None
    due: datetime | None
    clock: Clock
    position: int
    opened: datetime


class CountOut(BaseModel):
    """How many running duties the viewer's own inbox has: by `gravity` (0 is the gravest level) and whether late.
    Counted to 1000 only ("1000+")."""

    gravity: int
    late: bool
    count: str


class ListOut(BaseModel):
    """A page of matters. `next` is the cursor of the page after, empty on the last one."""

    matters: list[ListedOut]
    next: str
    counts: list[CountOut]


class LineOut(BaseModel):
    """One line of the journal."""

    position: int
    at: datetime
    event: str
    sentence: str


class JournalOut(BaseModel):
    """What happened, in order."""

    code: str
    position: int
    lines: list[LineOut]


class PauseOut(BaseModel):
    """Time in which a duty did not run."""

    starts: datetime
    ends: datetime | None


class ExplainedOut(DutyOut):
    """A duty, why it ends then, and when it stood still."""

    explain: list[str]
    pauses: list[PauseOut]


class ClockOut(BaseModel):
    """Every duty of a matter; `now` is the moment the answer was reckoned."""

    code: str
    position: int
    now: datetime
    duties: list[ExplainedOut]


class StepOut(BaseModel):
    """One step as the reporter is told it."""

    at: datetime
    sentence: str


class PublicOut(BaseModel):
    """What the reporter is shown of the own matter, named as people read it; `title` and `text`, the own words, only
    with the last four digits of the phone on record. `reply`: the answer to the reporter, and when; `answer`: the own
    one while the call-back is due, '' for none; `stars` and `rating`: the own rating, 0 and '' for none."""

    code: str
    method: str
    stage: str
    holder: str
    due: datetime | None
    clock: Clock
    position: int
    opened: datetime
    reply: str
    replied: datetime | None
    answer: Literal["", "satisfied", "unsatisfied"]
    answered: datetime | None
    stars: int
    rating: str
    steps: list[StepOut]
    moves: list[MoveOut]
    title: str | None = None
    text: str | None = None
