"""What is made up for several tests: hostile words, bytes gone wrong, definition files gone wrong."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import yaml
from hypothesis import strategies as some

#: Words that break those who trust them: directions, what is not seen, look-alikes, halves of characters, floods of
#: marks, characters of rare names and of no font, formulas, markup, numbers that are none.
HOSTILE = (
    "\u202e张三\u202c", "\u2066a\u2069\u200f", "王\u200b\u200d\u2060五", "раураl", "李\ufe00\U000e0100",
    "e" + "\u0301" * 300, "\u0f73" * 60, "\U00020000\U0002a700\U0002b740\U0002ceb0\U00030000\U00031350\U000323af",
    "\ue000\U000f0000\U0010fffd", "👨\u200d👩\u200d👧\u200d👦" * 20, "\ufdfa\ufdd0\ufffe", "ﷺ" * 40, "a\u0000b",
    "\ud800", "\udfff张", "\ud83d\ude00", "\ufeff", "\x1b[31m", "\r\nX-Evil: 1", "\u2028\u2029\x85", "\x7f\x9f",
    "=HYPERLINK(\"http://x\")", "@SUM(1)", "+1-1", "-2+3|cmd", "\t=1", "<script>alert(1)</script>", "{{ 7*7 }}{% x %}",
    "'; drop table x; --", "%s%n%x", "../../etc/passwd", "\\u0000", "NaN", "1e999", "-0", "٣١", "９９", "²", "",
    " ", "\u3000", "。", "#eval(\"6*7\")", "\\", "`", "*bold*", "\N{LATIN SMALL LIGATURE FFI}İıſ",
)  # fmt: skip

words = some.one_of(
    some.sampled_from(HOSTILE),
    some.text(some.characters(exclude_categories=()), max_size=60),
    some.lists(some.sampled_from(HOSTILE), min_size=2, max_size=4).map("".join),
)

#: What stands in a definition file where a plain value should: decorations, other kinds, far too much.
FRAGMENTS = (
    "!!python/object/apply:os.system ['true']", "!!binary aGk=", "!x y", "&a a", "*a", "&a [*a, *a]", "<<: *a", "~",
    "[]", "{}", "[[]]", "{a: {a: {a: b}}}", "[" * 30 + "]" * 30, "{a: " * 25 + "b" + "}" * 25, "1e999", "9" * 400,
    "-1", "0x7fffffffffffffff", "1_000", "1:30", ".inf", ".nan", "2026-02-30", "true", '"\\ud800"', '"\\0"', '"\\x1b"',
    "|\n  text", '""', "a\tb", "? a\n: b", "--- b", "%YAML 9.9", "9999999999999999d", "0wd", "-3h", "3d3d",
    "a" * 70_000,
)  # fmt: skip


@some.composite
def bytes_gone_wrong(draw: Callable[..., Any], whole: bytes, most: int = 6) -> bytes:
    """Some bytes flipped, taken out, doubled, moved or put in; or the end is missing."""
    data = bytearray(whole)
    for _ in range(draw(some.integers(1, most))):
        at = draw(some.integers(0, len(data)))
        length = draw(some.sampled_from((1, 2, 4, 30, 400)))
        what = draw(some.sampled_from(("flip", "out", "double", "in", "end")))
        if what == "flip" and at < len(data):
            data[at] ^= draw(some.integers(1, 255))
        elif what == "out":
            del data[at : at + length]
        elif what == "double":
            data[at:at] = data[at : at + length]
        elif what == "in":
            data[at:at] = draw(some.binary(min_size=1, max_size=length))
        elif draw(some.booleans()):
            del data[at:]
    return bytes(data)


@some.composite
def definitions_gone_wrong(draw: Callable[..., Any], text: str) -> str:
    """The file as brackets and braces, some of its values replaced, moved, doubled or wrapped."""
    top: Any = yaml.load(text, yaml.BaseLoader)
    fragments: dict[str, str] = {}
    for number in range(draw(some.integers(1, 3))):
        holder, key = _somewhere(draw, top)
        what = draw(some.sampled_from(("fragment", "fragment", "gone", *_OTHERS)))
        if what == "fragment":
            fragments[f"@@{number}@@"] = draw(some.sampled_from(FRAGMENTS))
            holder[key] = f"@@{number}@@"
        elif what != "gone":
            holder[key] = _OTHERS[what](draw, top, holder[key])
        elif isinstance(holder, dict):
            del holder[key]
    spoilt = json.dumps(top, ensure_ascii=False, indent=1)
    for mark, fragment in fragments.items():
        spoilt = spoilt.replace(f'"{mark}"', fragment)
    return spoilt


def _somewhere(draw: Callable[..., Any], top: Any) -> tuple[Any, Any]:
    """A place in the tree: what holds it, and its key there."""
    places: list[tuple[Any, Any]] = []
    todo = [top]
    while todo:
        node = todo.pop()
        inner = list(node.items()) if isinstance(node, dict) else list(enumerate(node))
        places += [(node, key) for key, _ in inner]
        todo += [value for _, value in inner if isinstance(value, dict | list)]
    if not places:
        top["a"] = "b"
        return top, "a"
    return draw(some.sampled_from(range(len(places))).map(places.__getitem__))


def _another(draw: Callable[..., Any], top: Any, value: Any) -> Any:
    """What stands elsewhere in the file."""
    holder, key = _somewhere(draw, top)
    return json.loads(json.dumps(holder[key]))


#: What a value becomes.
_OTHERS: Mapping[str, Callable[[Callable[..., Any], Any, Any], Any]] = {
    "word": lambda draw, top, value: draw(words),
    "list": lambda draw, top, value: [value] * draw(some.integers(0, 3)),
    "keys": lambda draw, top, value: {draw(words): value},
    "other": _another,
}


def billion_laughs(rows: int = 20) -> str:
    """Aliases of aliases: a few lines that would be 10^20 words."""
    lines = ["a0: &a0 [lol, lol]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, rows)]
    return "\n".join(lines)
