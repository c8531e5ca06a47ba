"""The clock against a walker that takes one day, or one minute, at a time; and the laws every due time keeps."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from minqing.base.errors import BadInput
from minqing.base.moments import CHINA
from minqing.kernel.clock.budgets import Budget, Rung
from minqing.kernel.clock.calendars import decreed_calendar
from minqing.kernel.clock.hours import STANDARD, Hours, parse_hours
from minqing.kernel.clock.reckoning import Extension, Pause, Terms, due, explain, rung_moment

untimed = settings(deadline=None)  # a busy machine is no fault of the clock
DECREED = decreed_calendar()
MINUTE, DAY = dt.timedelta(minutes=1), dt.timedelta(days=1)
FIRST = dt.datetime(2025, 1, 1, tzinfo=CHINA)

starts = st.builds(
    lambda day, minute: FIRST + day * DAY + minute * MINUTE,
    st.integers(0, 730),
    st.integers(0, 1439) | st.sampled_from([0, 510, 720, 840, 1050]),  # also at midnight, opening, noon and closing
)
hours = st.sampled_from([STANDARD, parse_hours("09:00-16:00"), parse_hours("00:00-24:00")])
short = {"m": 5000, "h": 200, "wh": 30, "d": 40, "wd": 30, "mo": 14, "y": 3}
budgets = st.sampled_from(sorted(short)).flatmap(
    lambda unit: st.integers(1, short[unit]).map(lambda n: Budget(n, unit))
)


@st.composite
def pauses_after(draw: st.DrawFn, start: dt.datetime) -> tuple[Pause, ...]:
    """Up to four pauses, overlapping or not, some begun before the start."""
    pauses = []
    for _ in range(draw(st.integers(0, 4))):
        grain = draw(st.sampled_from([1, 30, 1440]))  # whole days and half hours meet midnight and closing time
        begin = midnight(start.date()) + draw(st.integers(-3000 // grain, 40_000 // grain)) * grain * MINUTE
        pauses.append(Pause(begin, begin + draw(st.integers(0, 15_000 // grain)) * grain * MINUTE, "补正"))
    return tuple(pauses)


@st.composite
def cases(draw: st.DrawFn, units: str = "m h wh d wd mo y") -> tuple[dt.datetime, Terms]:
    start = draw(starts)
    budget = draw(budgets.filter(lambda budget: budget.unit in units.split()))
    own_hours = draw(st.none() | hours)
    return start, Terms(budget, DECREED, own_hours, pauses=draw(pauses_after(start)))


def paused(moment: dt.datetime, terms: Terms) -> bool:
    return any(pause.start <= moment < pause.end for pause in terms.pauses)


def strictly_paused(moment: dt.datetime, terms: Terms) -> bool:
    """Inside what the pauses cover together: one that begins as another ends goes on."""
    return paused(moment, terms) and paused(moment - dt.timedelta(microseconds=1), terms)


def midnight(day: dt.date) -> dt.datetime:
    return dt.datetime(day.year, day.month, day.day, tzinfo=CHINA)


def walked_days(start: dt.datetime, terms: Terms) -> dt.datetime:
    """Day by day: after the first, each day (or working day) that does not begin in a pause."""
    working, left, day = terms.budget.unit == "wd", terms.budget.amount, start.date()
    closing = terms.hours.closing if working and terms.hours else 1440
    while left:
        day += DAY
        left -= (not working or DECREED.is_workday(day)) and not paused(midnight(day), terms)
    while strictly_paused(midnight(day) + closing * MINUTE, terms):
        day += DAY
        while working and not DECREED.is_workday(day):
            day += DAY
    return midnight(day) + closing * MINUTE


def walked_minutes(start: dt.datetime, terms: Terms) -> dt.datetime:
    """Minute by minute: each that runs, and for wh is worked."""
    left, moment = terms.budget.amount * (1 if terms.budget.unit == "m" else 60), start
    while left:
        left -= not paused(moment, terms) and (terms.budget.unit != "wh" or worked(moment, terms.hours or STANDARD))
        moment += MINUTE
    return moment


def worked(moment: dt.datetime, own: Hours) -> bool:
    minute = moment.hour * 60 + moment.minute
    return DECREED.is_workday(moment.date()) and any(left <= minute < right for left, right in own.spans)


@untimed
@given(cases("d wd"))
def test_days_agree_with_walking_day_by_day(case: tuple[dt.datetime, Terms]) -> None:
    assert due(*case).moment == walked_days(*case)


@settings(deadline=None, max_examples=40)  # a minute is a step: forty walks take a second
@given(cases("m h wh"))
def test_hours_agree_with_walking_minute_by_minute(case: tuple[dt.datetime, Terms]) -> None:
    assume(case[1].budget.amount * (1 if case[1].budget.unit == "m" else 60) < 3000)
    assert due(*case).moment == walked_minutes(*case)


@untimed
@given(cases("m h wh d wd"), st.integers(0, 20_000))
def test_who_begins_later_is_due_no_earlier(case: tuple[dt.datetime, Terms], later: int) -> None:
    start, terms = case
    assert due(start, terms).moment <= due(start + later * MINUTE, terms).moment


@untimed
@given(starts, budgets, st.integers(0, 20_000), st.sampled_from(["none", "next-day"]))
def test_who_begins_later_is_due_no_earlier_for_months_too(
    start: dt.datetime, budget: Budget, later: int, roll: str
) -> None:
    terms = Terms(budget, DECREED, STANDARD, roll)
    assert due(start, terms).moment <= due(start + later * MINUTE, terms).moment


@untimed
@given(cases(), st.integers(1, 30))
def test_more_budget_is_due_no_earlier(case: tuple[dt.datetime, Terms], more: int) -> None:
    start, terms = case
    greater = Terms(Budget(terms.budget.amount + more, terms.budget.unit), DECREED, terms.hours, pauses=terms.pauses)
    added = Terms(
        terms.budget, DECREED, terms.hours, "none", (Extension(Budget(more, terms.budget.unit), ""),), terms.pauses
    )
    assert due(start, terms).moment <= due(start, greater).moment
    assert due(start, greater) == due(start, added), "an extension of the same unit is a greater budget"


@untimed
@given(cases(), st.integers(0, 20_000), st.integers(1, 20_000))
def test_a_pause_more_is_due_no_earlier(case: tuple[dt.datetime, Terms], begin: int, length: int) -> None:
    start, terms = case
    pause = Pause(start + begin * MINUTE, start + (begin + length) * MINUTE, "")
    longer = Terms(terms.budget, DECREED, terms.hours, pauses=(*terms.pauses, pause))
    assert due(start, terms).moment <= due(start, longer).moment


@untimed
@given(cases("m h"), st.integers(0, 10**6), st.integers(0, 10**6))
def test_a_pause_gives_an_hour_budget_exactly_its_seconds(
    case: tuple[dt.datetime, Terms], at: int, seconds: int
) -> None:
    start, terms = case
    plain = Terms(terms.budget, DECREED)
    begin = start + dt.timedelta(seconds=at)
    assume(begin < due(start, plain).moment)
    pause = Pause(begin, begin + dt.timedelta(seconds=seconds), "")
    moved = due(start, Terms(terms.budget, DECREED, pauses=(pause,))).moment
    assert moved == due(start, plain).moment + dt.timedelta(seconds=seconds)


@untimed
@given(cases(), st.data())
def test_how_a_pause_is_cut_and_in_what_order_it_is_told_changes_nothing(
    case: tuple[dt.datetime, Terms], data: st.DataObject
) -> None:
    start, terms = case
    cut: list[Pause] = []
    for pause in terms.pauses:
        middle = pause.start + (pause.end - pause.start) * data.draw(st.floats(0, 1))
        cut += [Pause(pause.start, middle, "甲"), Pause(middle, pause.end, "乙")]
    shuffled = tuple(data.draw(st.permutations(cut)))
    recut = Terms(terms.budget, DECREED, terms.hours, pauses=shuffled)
    assert due(start, recut) == due(start, terms)
    assert rung_moment(Rung(percent=50), start, recut) == rung_moment(Rung(percent=50), start, terms)


@untimed
@given(cases())
def test_no_budget_ends_inside_a_pause(case: tuple[dt.datetime, Terms]) -> None:
    assert not strictly_paused(due(*case).moment, case[1])


@untimed
@given(cases(), st.sampled_from(["none", "next-day"]))
def test_rungs_rise(case: tuple[dt.datetime, Terms], roll: str) -> None:
    start, plain = case
    terms = Terms(plain.budget, DECREED, plain.hours, roll, (), plain.pauses)
    ladder = [Rung(percent=percent) for percent in (1, 10, 33, 50, 80, 99)]
    ladder += [Rung(), *(Rung(late=Budget(n, "wd")) for n in (1, 2, 5))]
    moments = [rung_moment(rung, start, terms) for rung in ladder]
    assert moments == sorted(moments)
    assert moments[6] == due(start, terms).moment and moments[0] >= start


@untimed
@given(starts, st.sampled_from(["m", "h", "wh", "d", "wd"]), st.integers(1, 30), st.none() | hours)
def test_half_of_twice_the_budget_is_the_budget(start: dt.datetime, unit: str, n: int, own: Hours | None) -> None:
    once, twice = Terms(Budget(n, unit), DECREED, own), Terms(Budget(2 * n, unit), DECREED, own)
    assert rung_moment(Rung(percent=50), start, twice) == due(start, once).moment


@untimed
@given(cases())
def test_a_roll_ends_on_a_working_day_and_never_earlier(case: tuple[dt.datetime, Terms]) -> None:
    start, terms = case
    rolling = Terms(terms.budget, DECREED, terms.hours, "next-day", (), terms.pauses)
    rolled = due(start, rolling).moment
    assert rolled >= due(start, terms).moment
    if terms.budget.unit in ("d", "mo", "y"):
        assert DECREED.is_workday((rolled - dt.timedelta(seconds=1)).date())
    else:
        assert rolled == due(start, terms).moment


@untimed
@given(st.datetimes(), budgets, st.integers(1, 999_999))
def test_any_moment_is_reckoned_or_refused_in_a_sentence(moment: dt.datetime, budget: Budget, amount: int) -> None:
    try:
        reckoned = due(moment, Terms(Budget(amount, budget.unit), DECREED))
    except BadInput as refusal:
        assert "1900 to 9999" in str(refusal)
    else:
        assert reckoned.moment > moment.replace(tzinfo=CHINA)


# --- the sentence chain adds up -------------------------------------------------------------------------------

DATE = r"(\d+)年(\d+)月(\d+)日（周.）"
MOMENT = DATE + r"(\d\d:\d\d(?::\d\d(?:\.\d+)?)?)"
LENGTH = r"((?:\d+小时)?(?:\d+分)?(?:[\d.]+秒)?)"


def read_day(parts: tuple[str, ...]) -> dt.date:
    return dt.date(*map(int, parts[:3]))


def read_moment(parts: tuple[str, ...]) -> dt.datetime:
    if parts[3] == "24:00":
        return midnight(read_day(parts)) + DAY
    return dt.datetime.combine(read_day(parts), dt.time.fromisoformat(parts[3]), CHINA)


def read_length(text: str) -> dt.timedelta:
    found = re.fullmatch(r"(?:(\d+)小时)?(?:(\d+)分)?(?:([\d.]+)秒)?", text)
    return dt.timedelta(hours=int(found[1] or 0), minutes=int(found[2] or 0), seconds=float(found[3] or 0))


def read_days(sentence: str) -> tuple[dt.date, dt.date, int, int, int]:
    """First day, last day, days passed, counted, not counted."""
    found = re.match(rf"自{DATE}至{DATE}共(\d+)日：计入(?:工作日)?(\d+)日", sentence)
    parts = found.groups()
    less = sum(map(int, re.findall(r"(?:休息日|暂停)(\d+)日不计", sentence)))
    return read_day(parts[:3]), read_day(parts[3:6]), int(parts[6]), int(parts[7]), less


@untimed
@given(cases(), st.lists(st.integers(1, 20), max_size=1), st.sampled_from(["none", "next-day"]))
def test_the_chain_adds_up_to_the_due_time(case: tuple[dt.datetime, Terms], more: list[int], roll: str) -> None:
    start, plain = case
    extensions = tuple(Extension(Budget(n, plain.budget.unit), "案情复杂") for n in more)
    terms = Terms(plain.budget, DECREED, plain.hours, roll, extensions, plain.pauses)
    total = plain.budget.amount + sum(more)
    chain = explain(start, terms)
    end = read_chain(chain, start, total, terms)
    said = read_moment(re.fullmatch(rf"到期：{MOMENT}。", chain[-1]).groups())
    assert said == end == due(start, terms).moment
    assert all("计时（补正）" in sentence for sentence in chain if "暂停计时" in sentence)


def read_chain(chain: tuple[str, ...], start: dt.datetime, total: int, terms: Terms) -> dt.datetime:
    """Arrives at the due time from the numbers of the sentences alone."""
    unit = terms.budget.unit
    [count] = [sentence for sentence in chain if "共" in sentence]
    rolled = [re.search(rf"顺延到休假日后的第一日{DATE}", sentence) for sentence in chain]
    if unit in ("m", "h"):
        parts = re.match(rf"自{MOMENT}至{MOMENT}共{LENGTH}：计入{LENGTH}(?:，其中暂停{LENGTH}不计)?。", count).groups()
        passed, counted, less = (read_length(part or "") for part in parts[8:])
        assert counted == dt.timedelta(minutes=total * (60 if unit == "h" else 1)) and passed == counted + less
        assert read_moment(parts[:4]) == start and start + passed == read_moment(parts[4:8])
        return start + passed
    if unit == "wh":
        return read_working_hours(count, start, total, terms.hours or STANDARD)
    first, last, passed, counted, less = read_days(count)
    assert first == start.date() + DAY and (last - first).days + 1 == passed == counted + less
    if unit in ("d", "wd"):
        assert counted == total
    for found in filter(None, rolled):
        last = read_day(found.groups())
    closing = terms.hours.closing if unit == "wd" and terms.hours else 1440
    return midnight(last) + closing * MINUTE


def read_working_hours(count: str, start: dt.datetime, total: int, own: Hours) -> dt.datetime:
    gave = re.findall(rf"{DATE}计{LENGTH}", count)
    full = re.search(rf"其间(\d+)个工作日各计{LENGTH}", count)
    found = re.search(rf"，共{LENGTH}(?:，其中暂停{LENGTH}不计)?。", count)
    passed = sum((read_length(parts[3]) for parts in gave), dt.timedelta())
    passed += int(full[1]) * read_length(full[2]) if full else dt.timedelta()
    assert passed == read_length(found[1])
    assert passed - read_length(found[2] or "") == dt.timedelta(hours=total)
    last = max(midnight(read_day(gave[-1])), start)
    return next(minute_by_minute(last, read_length(gave[-1][3]) // MINUTE, own))


def minute_by_minute(moment: dt.datetime, minutes: int, own: Hours) -> Iterator[dt.datetime]:
    """The moment by which so many minutes have been worked."""
    while minutes:
        minutes -= worked(moment, own)
        moment += MINUTE
    yield moment


@untimed
@given(cases())
def test_both_tongues_say_equally_much(case: tuple[dt.datetime, Terms]) -> None:
    chinese, english = explain(*case, "zh"), explain(*case, "en")
    assert len(chinese) == len(english)
    assert not any(re.search(r"[\u4e00-\u9fff]", sentence.replace("补正", "")) for sentence in english)
    assert not any("{" in sentence for sentence in chinese + english)
