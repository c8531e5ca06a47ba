"""What requests look like: exactly these names, an unknown one is refused."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictFloat, StrictInt

from minqing.doors.counter.words import (
    Accused,
    Clean,
    Flag,
    Moment,
    Number,
    People,
    PlaceCode,
    Short,
    Slug,
    Source,
    Text,
    Title,
)

MOST_IN_BULK = 500


class Shape(BaseModel):
    """Unknown names are refused: a misspelt one would be lost without a word."""

    model_config = ConfigDict(extra="forbid")


class ReporterIn(Shape):
    """Who reports. What is said here is sealed; `unnamed`: helpers do not see the person; `nobody`: a patrol or device
    found it; `call_back` false: does not want to be called; `way`: how they want to be told."""

    name: Short | None = None
    phone: Short | None = None
    address: Short | None = None
    id_number: Short | None = None
    email: Short | None = None
    unnamed: Flag = False
    nobody: Flag = False
    call_back: Flag = True
    way: Literal["phone", "sms", "email", "wechat", "letter"] | None = None


class LocationIn(Shape):
    """Where exactly: degrees (WGS 84), and in words. Sealed: it may be somebody's door."""

    lat: Annotated[StrictFloat | StrictInt | None, Field(ge=-90, le=90)] = None
    lon: Annotated[StrictFloat | StrictInt | None, Field(ge=-180, le=180)] = None
    address: Short | None = None


class ReportIn(Shape):
    """One concern."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "title": "路灯不亮",
                    "text": "村口三盏路灯不亮，晚上走路危险",
                    "place": "330727101201001",
                    "channel": "hotline",
                    "reporter": {"name": "演示居民", "phone": "13800000000"},
                    "source": "12345",
                    "external_id": "20260601-0001",
                }
            ]
        },
    )

    title: Title
    text: Text
    place: Annotated[PlaceCode, Field(description="division or grid code, 6 to 15 digits")]
    channel: Annotated[Slug, Field(description="how it came: web, hotline, patrol, window …")]
    kind: Annotated[Slug | None, Field(description="a kind of the method; found by the reader if left out")] = None
    method: Annotated[Slug | None, Field(description="slug of a published method; that of the county if left out")] = (
        None
    )
    people: Annotated[People | None, Field(description="how many people it concerns")] = None
    severity: Annotated[Slug | None, Field(description="a level of the method: it starts at least there")] = None
    location: LocationIn | None = None
    reporter: ReporterIn | None = None
    against: Annotated[
        list[Accused] | None, Field(max_length=20, description="whom it is against: slugs of units, or post:<number>")
    ] = None
    source: Annotated[Source | None, Field(description="the system it comes from")] = None
    external_id: Annotated[Number | None, Field(description="its number there; the same again is known, not new")] = (
        None
    )
    external_due: Annotated[Moment | None, Field(description="when that system wants an answer")] = None


class BulkIn(Shape):
    """Up to 500 concerns, answered row by row: each row is read as the body of POST /matters."""

    matters: Annotated[list[Any], Field(min_length=1, max_length=MOST_IN_BULK)]


class MoveIn(BaseModel):
    """A move and its fields, as the matter's `moves` describe them; what its schema does not name is refused."""

    model_config = ConfigDict(
        extra="allow",
        json_schema_extra={
            "examples": [
                {"move": "accept"},
                {"move": "settle", "records": ["result"], "reason": "灯泡已换，三盏都亮"},
                {"move": "call_back", "result": "satisfied"},
            ]
        },
    )

    move: Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[a-z][a-z0-9_-]*$")]

    def fields(self) -> dict[str, Any]:
        """What was sent besides the name of the move."""
        return dict(self.model_extra or {})


class PublicIn(Shape):
    """The reporter's word: the secret, the last four digits of the phone for the next step, a move of the reporter."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"secret": "7KQ2M-9XR3B"}, {"secret": "7KQ2M-9XR3B", "move": {"move": "remind"}}]
        },
    )

    secret: Annotated[Clean, Field(min_length=1, max_length=64)]
    last4: Annotated[str | None, Field(pattern=r"^[0-9Xx]{4}$")] = None
    move: MoveIn | None = None


class ListQuery(Shape):
    """Which matters, of those the viewer sees."""

    state: Literal["open", "ended", "all"] = "open"
    stage: Slug | None = None
    level: Slug | None = None
    kind: Slug | None = None
    category: Annotated[Clean | None, Field(max_length=80)] = None
    channel: Slug | None = None
    late: bool | None = None
    place: Annotated[PlaceCode | None, Field(description="division or grid code: there and below")] = None
    q: Annotated[Clean | None, Field(max_length=100, description="words, searched in the masked text")] = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    cursor: Annotated[Clean | None, Field(max_length=200, description="`next` of the page before")] = None
