"""`minqing clock due` as a person or a program meets it; the whole line of commands runs in this process."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from minqing.doors.cli import COMMANDS, main

SPRING = ["--from", "2026-02-10 16:20", "--budget", "5wd", "--hours", "08:30-12:00,14:00-17:30"]


def ask(*arguments: str, lines: bytes = b"") -> Result:
    return CliRunner().invoke(main, ["clock", "due", *arguments], input=lines)


def answers(lines: bytes, *arguments: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in ask("--batch", "-", *arguments, lines=lines).stdout.splitlines()]


def test_the_due_time_stands_first_and_the_reasons_follow() -> None:
    said = ask(*SPRING).stdout.splitlines()
    assert said[0] == "2026-02-24T17:30:00+08:00 确定"
    assert said[1].startswith("1. 期限5个工作日") and said[-1] == "5. 到期：2026年2月24日（周二）17:30。"


def test_json_has_the_five_keys_and_english_when_asked() -> None:
    answer = json.loads(ask(*SPRING, "--json", "--lang", "en").stdout)
    assert list(answer) == ["from", "budget", "due", "provisional", "explain"]
    assert answer["from"] == "2026-02-10T16:20:00+08:00" and answer["due"] == "2026-02-24T17:30:00+08:00"
    assert answer["provisional"] is False and answer["explain"][-1] == "Due: 2026-02-24 (Tue) 17:30."


def test_pauses_extensions_and_roll_are_taken_from_the_options() -> None:
    pause = ["--pause", "2026-09-25 10:00/2026-09-27 10:00"]
    base = ["--from", "2026-09-24", "--budget", "3d", "--json"]
    assert json.loads(ask(*base).stdout)["due"] == "2026-09-28T00:00:00+08:00"
    assert json.loads(ask(*base, *pause).stdout)["due"] == "2026-09-30T00:00:00+08:00"
    assert json.loads(ask(*base, *pause, "--extend", "2d").stdout)["due"] == "2026-10-02T00:00:00+08:00"
    rolled = json.loads(ask(*base, *pause, "--extend", "2d", "--roll", "next-day").stdout)
    assert rolled["due"] == "2026-10-09T00:00:00+08:00"


def test_an_open_pause_and_an_undecreed_year_are_told() -> None:
    held = json.loads(ask("--from", "2026-03-10", "--budget", "3d", "--pause", "2026-03-11 09:00/", "--json").stdout)
    assert held["held"] is True
    assert ask("--from", "2026-12-31", "--budget", "5wd").stdout.splitlines()[0].endswith("暂定")


@pytest.mark.parametrize("budget", ["", "0d", "-1d", "999999999d", "999999y", "5\x00d", "5 wd", "天"])
def test_a_bad_budget_gets_one_sentence_and_exit_code_2(budget: str) -> None:
    refused = ask("--from", "2026-02-10", "--budget", budget)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert len(refused.stderr.splitlines()) == 1 and "Traceback" not in refused.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["--budget", "1d"],
        ["--from", "2026-02-10"],
        ["--from", "0001-01-01", "--budget", "1d"],
        ["--from", "9999-12-31", "--budget", "1d"],
        ["--from", "9999-12-31T23:59:59-12:00", "--budget", "1m"],
        ["--from", "2026-02-30", "--budget", "1d"],
        ["--from", "", "--budget", "1d"],
        ["--from", "2026-02-10", "--budget", "1d", "--hours", "17:30-08:30"],
        ["--from", "2026-02-10", "--budget", "1d", "--pause", "2026-02-10"],
        ["--from", "2026-02-10", "--budget", "1d", "--pause", "2026-02-12/2026-02-11"],
        ["--from", "2026-02-10", "--budget", "1d", "--extend", "soon"],
        ["--batch", "no-such-file"],
    ],
)
def test_what_cannot_be_reckoned_is_refused_without_a_traceback(arguments: list[str]) -> None:
    refused = ask(*arguments)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert refused.stderr.strip()


def test_a_batch_answers_each_line_and_tells_the_bad_ones_by_number() -> None:
    lines = "\n".join(
        [
            '\ufeff{"from": "2026-02-10 16:20", "budget": "5wd"}',
            "",
            '{"from": "2026-02-10", "budget": "0d"}',
            "half a line {",
            '{"from": "2026-03-10 09:00", "budget": "24h", "pauses": [{"start": "2026-03-10 12:00", '
            '"end": "2026-03-10 14:30", "reason": "停电"}], "extensions": ["2h", {"budget": "1h", "reason": "复杂"}]}',
        ]
    ).encode()
    asked = ask("--batch", "-", "--hours", "09:00-16:00", lines=lines)
    good, zero, half, paused = (json.loads(line) for line in asked.stdout.splitlines())
    assert asked.exit_code == 1
    assert good["due"] == "2026-02-24T16:00:00+08:00", "the hours come from the option"
    assert zero == {"line": 3, "error": zero["error"]} and "not a budget" in zero["error"]
    assert half["line"] == 4 and "not JSON" in half["error"]
    assert paused["due"] == "2026-03-11T14:30:00+08:00" and any("停电" in said for said in paused["explain"])


def test_a_batch_of_good_lines_ends_with_exit_code_0() -> None:
    assert ask("--batch", "-", lines=b'{"from": "2026-02-10", "budget": "1d"}\n').exit_code == 0


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (b"\xff\xfe", "UTF-8"),
        ("{'from': '今天'}".encode("gb18030"), "UTF-8"),
        (b"[1]", "JSON object"),
        (b"[" * 100_000, "not JSON"),
        (b'{"from": 5, "budget": "1d"}', "from is text"),
        (b'{"from": "", "budget": "1d"}', "from is empty"),
        (b'{"from": "2026-02-10\\u0000", "budget": "1d"}', "not a time"),
        (b'{"from": "2026-02-10", "budget": "1d\\ud800"}', "not a budget"),
        (b'{"from": "2026-02-10", "budget": ["1d"]}', "budget is text"),
        (b'{"from": "2026-02-10", "budgets": "1d"}', "no key 'budgets'"),
        (b'{"from": "2026-02-10", "budget": "1d", "pauses": "x"}', "pauses is a list"),
        (b'{"from": "2026-02-10", "budget": "1d", "pauses": [7]}', "a pause is START/END"),
        (b'{"from": "2026-02-10", "budget": "1d", "pauses": [{"start": "2026-02-10", "stop": "x"}]}', "a pause is"),
        (b'{"from": "2026-02-10", "budget": "1d", "extensions": [7]}', "an extension is"),
        (b'{"from": "2026-02-10", "budget": "1d", "roll": "maybe"}', "roll is none or next-day"),
        (b'{"from": "2026-02-10", "budget": "1d", "hours": "nine"}', "span of hours"),
        (b'{"from": ' + b"9" * 5000 + b"}", "not JSON"),
        (b"{}", "say from when"),
    ],
)
def test_every_bad_line_gets_its_sentence(line: bytes, told: str) -> None:
    [answer] = answers(line)
    assert answer["line"] == 1 and told in str(answer["error"])


texts = st.text(max_size=12) | st.sampled_from(["2026-02-10", "0001-01-01", "9999-12-31", "1d", "5wd", "0d", "\ud800"])
values = texts | st.integers() | st.none() | st.lists(texts | st.dictionaries(st.sampled_from(["start", "end"]), texts))
KEYS = st.sampled_from(["from", "budget", "hours", "roll", "pauses", "extensions"])


@settings(deadline=None)  # no test is timed
@given(st.binary(max_size=60) | st.dictionaries(KEYS, values).map(lambda row: json.dumps(row).encode()))
def test_no_line_brings_a_traceback(line: bytes) -> None:
    asked = ask("--batch", "-", lines=line)
    assert asked.exit_code in (0, 1) and (asked.exception is None or isinstance(asked.exception, SystemExit))
    for answer in asked.stdout.splitlines():
        assert json.loads(answer).keys() & {"due", "error"}


def test_the_clock_needs_neither_django_nor_a_database() -> None:
    script = (
        "import sys; from minqing.doors.cli import main\n"
        "try: main(['clock', 'due', '--from', '2026-02-10', '--budget', '1d'])\n"
        "except SystemExit: pass\n"
        "print(sorted({name.partition('.')[0] for name in sys.modules} & {'django', 'psycopg', 'yaml', 'sklearn'}))"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines()[-1] == "[]"


def test_every_command_of_the_table_exists_and_says_what_it_does() -> None:
    listed = CliRunner().invoke(main, ["--help"]).stdout
    for name in COMMANDS:
        assert name in listed
        assert CliRunner().invoke(main, [name, "--help"]).exit_code == 0
    assert "minqing, version" in CliRunner().invoke(main, ["--version"]).stdout


def test_an_unknown_command_is_refused() -> None:
    refused = CliRunner().invoke(main, ["clok"])
    assert refused.exit_code == 2 and "clok" in refused.stderr
