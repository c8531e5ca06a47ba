from __future__ import annotations

import datetime as dt
import json
from dataclasses import fields
from typing import get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from minqing.base.errors import BadInput
from minqing.base.moments import CHINA
from minqing.kernel.matters import events as ev
from minqing.kernel.matters.codec import (
    dumps,
    event_from_json,
    event_to_json,
    moment_from_text,
    moment_to_text,
)
from minqing.kernel.matters.events import EVENTS

FIRST = dt.datetime(1949, 1, 1, tzinfo=CHINA)
MOMENTS = st.timedeltas(dt.timedelta(0), dt.timedelta(days=251 * 365)).map(lambda since: FIRST + since)
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
NUMBERS = st.integers(-(2**62), 2**62)
PLAIN = TEXTS | NUMBERS | st.floats(allow_nan=False, allow_infinity=False) | st.booleans()


def values(hint: str) -> st.SearchStrategy:
    """A value of a field's type, by its name as it is written."""
    found = {
        "str": TEXTS,
        "int": NUMBERS,
        "bool": st.booleans(),
        "int | None": st.none() | NUMBERS,
        "datetime": MOMENTS,
        "datetime | None": st.none() | MOMENTS,
        "tuple[str, ...]": st.lists(TEXTS, max_size=3).map(tuple),
        "tuple[int, ...]": st.lists(NUMBERS, max_size=3).map(tuple),
        "tuple[datetime, ...]": st.lists(MOMENTS, max_size=3).map(tuple),
        "Mapping[str, Plain]": st.dictionaries(TEXTS, PLAIN | st.lists(TEXTS, max_size=3).map(tuple), max_size=4),
        "Mapping[str, int | float | bool | str]": st.dictionaries(TEXTS, PLAIN, max_size=4),
    }
    return found[hint]


@pytest.mark.parametrize("kind", EVENTS, ids=lambda kind: kind.__name__)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_every_event_comes_back_from_its_line_exactly(kind, data):
    event = kind(**{field.name: data.draw(values(field.type), label=field.name) for field in fields(kind)})
    text = event_to_json(event)
    back = event_from_json(kind.__name__, text)
    assert back == event
    assert [type(part) for part in back.__dict__.values()] == [type(part) for part in event.__dict__.values()]
    assert event_to_json(back) == text
    assert "\n" not in text


def test_every_type_that_events_use_is_known_to_the_test():
    for kind in EVENTS:
        assert get_type_hints(kind)
        for field in fields(kind):
            values(field.type)


def test_a_line_is_short_sorted_and_readable():
    form = {"b": 1, "a": ("x",)}
    event = ev.Reported("K7M2-9QX7", "m", "v", "纠纷", 330727101201001, "web", tags=("噪音",), form=form)
    assert event_to_json(event) == (
        '{"channel":"web","code":"K7M2-9QX7","form":{"a":["x"],"b":1},"kind":"纠纷","method":"m",'
        '"place":330727101201001,"tags":["噪音"],"version":"v"}'
    )


def test_moments_keep_microseconds_and_are_written_with_the_chinese_offset():
    utc = dt.datetime(2026, 1, 1, 0, 0, 0, 1, tzinfo=dt.UTC)
    assert moment_to_text(utc) == "2026-01-01T08:00:00.000001+08:00"
    assert moment_from_text("2026-01-01T00:00:00.000001+00:00") == utc
    assert moment_from_text(moment_to_text(utc)).tzinfo is CHINA


@pytest.mark.parametrize(
    "value, words",
    [("a\0b", "NUL"), ({"\0": 1}, "NUL"), (["\ud800"], "残缺"), (float("nan"), "NaN"), ([float("inf")], "NaN")],
)
def test_what_the_database_cannot_keep_is_refused_with_a_sentence(value, words):
    with pytest.raises(BadInput, match=words):
        dumps(value)


def test_the_letters_backslash_u0000_are_words_like_any_other():
    assert json.loads(dumps("a\\u0000b")) == "a\\u0000b"


def test_a_moment_without_offset_an_unknown_kind_and_an_unknown_field_are_refused():
    with pytest.raises(BadInput, match="时区"):
        moment_to_text(FIRST.replace(tzinfo=None))
    with pytest.raises(BadInput, match="不认识的事件"):
        event_from_json("Dreamt", "{}")
    with pytest.raises(BadInput, match="读不懂"):
        event_from_json("Assigned", '{"worker":1,"boss":2}')
