"""`minqing clock due`: a due time and its sentence chain, one or a file of them; needs no database. What needs one
(`clock shift`) is another module, loaded on use.

A line of a batch is a JSON object: from, budget, hours, roll, pauses, extensions. A bad line is answered with
{"line": n, "error": sentence} and the others go on; the exit code is then 1.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import BinaryIO

import click

from minqing.base.errors import BadInput
from minqing.doors.cli.table import load_command
from minqing.kernel.clock.budgets import Budget, parse_budget
from minqing.kernel.clock.calendars import decreed_calendar
from minqing.kernel.clock.hours import Hours, parse_hours
from minqing.kernel.clock.reckoning import Extension, Pause, Roll, Terms, due, explain
from minqing.kernel.clock.terms import chinese_moment
from minqing.kernel.clock.wording import Lang

_KEYS = ("from", "budget", "hours", "roll", "pauses", "extensions")


@dataclass(frozen=True)
class Question:
    """What is asked, still as text; a line of a batch takes from the options what it does not say."""

    start: str | None
    budget: str | None
    hours: str | None = None
    roll: str = "none"
    pauses: tuple[Pause, ...] = ()
    extensions: tuple[Extension, ...] = ()

    def answer(self, lang: Lang) -> dict[str, object]:
        """The answer as it is printed with --json."""
        if self.start is None or self.budget is None:
            raise BadInput('say from when and how long: --from "2026-02-10 16:20" --budget 5wd (a line: from, budget)')
        start, terms = chinese_moment(_moment(self.start)), self._terms(parse_budget(self.budget))
        reckoned = due(start, terms)
        answer: dict[str, object] = {
            "from": start.isoformat(),
            "budget": str(terms.budget),
            "due": reckoned.moment.isoformat(),
            "provisional": reckoned.provisional,
            "explain": list(explain(start, terms, lang)),
        }
        return answer | ({"held": True} if reckoned.held else {})

    def _terms(self, budget: Budget) -> Terms:
        hours: Hours | None = None if self.hours is None else parse_hours(self.hours)
        if self.roll not in ("none", "next-day"):
            raise BadInput(f"roll is none or next-day, not {self.roll[:40]!r}")
        roll: Roll = "next-day" if self.roll == "next-day" else "none"
        return Terms(budget, decreed_calendar(), hours, roll, self.extensions, self.pauses)


class ClockTable(click.Group):
    """`due`, and the commands that move the clock of an instance: those are imported on use."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*super().list_commands(ctx), *_INSTANCE]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _INSTANCE:
            return super().get_command(ctx, cmd_name)
        return load_command(_INSTANCE[cmd_name], keeps_matters=True)


_INSTANCE = {"reproject": "minqing.doors.cli.reproject:reproject", "shift": "minqing.doors.cli.shift:shift"}


@click.group(cls=ClockTable)
def clock() -> None:
    """时限推算。 / Due times."""


@clock.command("due")
@click.option("--from", "start", metavar="TIME", help="起算时间 / when it begins: 2026-02-10 16:20 [+08:00]")
@click.option("--budget", metavar="BUDGET", help="期限 / how long: 30m 24h 2wh 3d 5wd 6mo 2y")
@click.option("--hours", metavar="SPANS", help="上班时间 / working hours: 08:30-12:00,14:00-17:30")
@click.option(
    "--roll", type=click.Choice(["none", "next-day"]), default="none", help="末日逢假日是否顺延 / holiday at the end"
)
@click.option("--pause", "pauses", metavar="START/END", multiple=True, help="暂停 / paused; nothing after / is open")
@click.option("--extend", "extensions", metavar="BUDGET", multiple=True, help="延长 / extended by")
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", help="说明用语 / language of the sentences")
@click.option("--json", "as_json", is_flag=True, help="JSON 输出 / print JSON")
@click.option("--batch", type=click.File("rb"), help="每行一个 JSON，- 为标准输入 / a JSON object a line; - is stdin")
@click.pass_context
def due_command(
    ctx: click.Context,
    start: str | None,
    budget: str | None,
    hours: str | None,
    roll: str,
    pauses: tuple[str, ...],
    extensions: tuple[str, ...],
    lang: Lang,
    as_json: bool,
    batch: BinaryIO | None,
) -> None:
    """推算到期时间，并逐句说明理由。 / When something is due, and why, sentence by sentence."""
    question = Question(start, budget, hours, roll, _pauses(pauses), _extensions(extensions))
    if batch is not None:
        ctx.exit(1 if _answer_lines(batch, question, lang) else 0)
    answer = question.answer(lang)
    if as_json:
        _print_json(answer)
    else:
        _print_chain(answer, lang)


def _print_chain(answer: Mapping[str, object], lang: Lang) -> None:
    """The due time on the first line, for eyes and for `head -1`; then the chain."""
    marks = {"zh": ("确定", "暂定"), "en": ("firm", "provisional")}[lang]
    click.echo(f"{answer['due']} {marks[bool(answer['provisional'])]}")
    sentences = answer["explain"]
    assert isinstance(sentences, list)
    for number, sentence in enumerate(sentences, 1):
        click.echo(f"{number}. {sentence}")


def _print_json(answer: Mapping[str, object]) -> None:
    """UTF-8 whatever the terminal says; a lone surrogate becomes the JSON escape it came from."""
    click.echo(json.dumps(answer, ensure_ascii=False).encode("utf-8", "backslashreplace"))


def _answer_lines(lines: Iterable[bytes], question: Question, lang: Lang) -> int:
    """Prints an answer a line; returns how many lines were refused. Blank lines are passed over."""
    refused = 0
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            answer = _read(line, question).answer(lang)
        except BadInput as fault:
            refused += 1
            answer = {"line": number, "error": str(fault)}
        _print_json(answer)
    return refused


def _read(line: bytes, question: Question) -> Question:
    """The line's question. Raises BadInput with a sentence, whatever the bytes are."""
    try:
        row = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise BadInput("the line is not UTF-8: save the file as UTF-8") from None
    except (ValueError, RecursionError) as fault:
        raise BadInput(f"the line is not JSON: {str(fault)[:80]}") from None
    if not isinstance(row, dict):
        raise BadInput('a line is a JSON object like {"from": "2026-02-10 16:20", "budget": "5wd"}')
    unknown = [key for key in row if key not in _KEYS]
    if unknown:
        raise BadInput(f"a line has no key {unknown[0][:40]!r}: it knows {', '.join(_KEYS)}")
    return replace(
        question,
        start=_text(row, "from") or question.start,
        budget=_text(row, "budget") or question.budget,
        hours=_text(row, "hours") or question.hours,
        roll=_text(row, "roll") or question.roll,
        pauses=question.pauses + _pauses(_list(row, "pauses")),
        extensions=question.extensions + _extensions(_list(row, "extensions")),
    )


def _text(row: Mapping[str, object], key: str) -> str | None:
    value = row.get(key)
    if value is not None and not isinstance(value, str):
        raise BadInput(f"{key} is text in quotes, not {json.dumps(value)[:40]}")
    if value == "":
        raise BadInput(f"{key} is empty: fill it in or leave the key out")
    return value


def _list(row: Mapping[str, object], key: str) -> list[object]:
    value = row.get(key) or []
    if not isinstance(value, list):
        raise BadInput(f"{key} is a list in [ ], not {json.dumps(value)[:40]}")
    return value


def _pauses(texts: Iterable[object]) -> tuple[Pause, ...]:
    """`START/END`, or a JSON object with start, end and reason; without an end the pause is still open."""
    return tuple(Pause(*_pause(text)) for text in texts)


def _pause(given: object) -> tuple[dt.datetime, dt.datetime | None, str]:
    if isinstance(given, str) and given.count("/") == 1:
        start, _, end = given.partition("/")
        return _moment(start), _moment(end) if end else None, ""
    if isinstance(given, dict) and not given.keys() - {"start", "end", "reason"}:
        until = _text(given, "end")
        return _moment(_text(given, "start") or ""), _moment(until) if until else None, _text(given, "reason") or ""
    raise BadInput(f"a pause is START/END, like 2026-02-14 09:00/2026-02-25 10:00, not {str(given)[:60]!r}")


def _extensions(texts: Iterable[object]) -> tuple[Extension, ...]:
    """A budget, or a JSON object with budget and reason."""
    extensions = []
    for given in texts:
        if isinstance(given, dict) and not given.keys() - {"budget", "reason"}:
            extensions.append(Extension(parse_budget(_text(given, "budget") or ""), _text(given, "reason") or ""))
        elif isinstance(given, str):
            extensions.append(Extension(parse_budget(given), ""))
        else:
            raise BadInput(f"an extension is a budget like 5wd, not {str(given)[:60]!r}")
    return tuple(extensions)


def _moment(text: str) -> dt.datetime:
    """ISO time; without an offset it is Chinese time. Raises BadInput with a sentence."""
    try:
        return dt.datetime.fromisoformat(text.strip())
    except ValueError:
        raise BadInput(f"{text[:40]!r} is not a time: write it like 2026-02-10 16:20") from None
