"""Conditions said in Chinese: comparisons, in, !, &&, ||, size, contains, startsWith, endsWith.

Reads the small part of CEL that clerks write. Whatever is outside of it is not guessed at: the whole condition is
shown in quotes as it stands in the file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from minqing.kernel.methods.words import Words, listed

TOKEN = re.compile(
    r"""\s*(?:(?P<text>'[^'\\]*'|"[^"\\]*")|(?P<number>-?\d+(?:\.\d+)?)|(?P<name>[A-Za-z_][\w.]*)
                       |(?P<sign>&&|\|\||==|!=|>=|<=|[<>!()\[\],]))""",
    re.VERBOSE,
)
COUNTED: Mapping[str, str] = {">=": "不少于", ">": "多于", "<=": "不多于", "<": "少于", "==": "等于", "!=": "不等于"}
MEASURED: Mapping[str, str] = {">=": "不低于", ">": "高于", "<=": "不高于", "<": "低于", "==": "等于", "!=": "不等于"}
TURNED: Mapping[str, str] = {">=": "<=", ">": "<", "<=": ">=", "<": ">", "==": "==", "!=": "!="}
HOLDING: Mapping[str, str] = {"contains": "含有“{}”字样", "startsWith": "以“{}”开头", "endsWith": "以“{}”结尾"}
DUTIES: Mapping[str, str] = {"open": "尚未完成的{}", "done": "已完成的{}", "late": "已逾期的{}", "all": "所有的{}"}
NONE: Mapping[str, str] = {
    "open": "{}已全部完成",
    "done": "{}一次也没有完成",
    "late": "{}没有逾期的",
    "all": "没有布置过{}",
}
SOME: Mapping[str, str] = {
    "open": "{}还没有全部完成",
    "done": "{}至少完成过一次",
    "late": "{}有逾期的",
    "all": "布置过{}",
}
OPPOSITE: Mapping[str, str] = {"==": "!=", "!=": "==", ">=": "<", "<": ">=", "<=": ">", ">": "<="}


class Unspeakable(ValueError):
    """The condition is outside of what can be said."""


@dataclass(frozen=True)
class Node:
    """A piece of a condition: what it is, its own text, its parts."""

    what: str  # or and not compare in name text number list size holds
    text: str = ""
    parts: tuple[Node, ...] = ()


def spoken(condition: str, words: Words) -> str:
    """涉及人数不少于5人，或者退回次数不少于2次. A piece of a sentence, without a full stop."""
    try:
        return _say(parse(condition), words)
    except Unspeakable:
        return f"条件“{condition}”成立"


def parse(condition: str) -> Node:
    """The condition as a tree. Raises Unspeakable outside of the small part of CEL."""
    reader = _Reader(_tokens(condition))
    tree = reader.either()
    if reader.tokens:
        raise Unspeakable(condition)
    return tree


def _tokens(condition: str) -> list[tuple[str, str]]:
    found, at, end = [], 0, len(condition.rstrip())
    while at < end:
        match = TOKEN.match(condition, at)
        if match is None or match.lastgroup is None:
            raise Unspeakable(condition)
        found.append((match.lastgroup, match[match.lastgroup]))
        at = match.end()
    return found


class _Reader:
    """Reads tokens from the front, loosest binding first."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self.tokens = tokens

    def take(self, *signs: str) -> str:
        """The next sign, when it is one of these."""
        if self.tokens and self.tokens[0][0] != "text" and self.tokens[0][1] in signs:
            return self.tokens.pop(0)[1]
        return ""

    def must(self, sign: str) -> None:
        if not self.take(sign):
            raise Unspeakable(sign)

    def either(self) -> Node:
        parts = [self.both()]
        while self.take("||"):
            parts.append(self.both())
        return parts[0] if len(parts) == 1 else Node("or", parts=tuple(parts))

    def both(self) -> Node:
        parts = [self.compared()]
        while self.take("&&"):
            parts.append(self.compared())
        return parts[0] if len(parts) == 1 else Node("and", parts=tuple(parts))

    def compared(self) -> Node:
        left = self.single()
        if self.take("in"):
            return Node("in", parts=(left, self.single()))
        sign = self.take(*COUNTED)
        return Node("compare", sign, (left, self.single())) if sign else left

    def single(self) -> Node:
        if self.take("!"):
            return Node("not", parts=(self.single(),))
        if self.take("("):
            inner = self.either()
            self.must(")")
            return inner
        if self.take("["):
            return self.row("]")
        if not self.tokens or self.tokens[0][0] == "sign":
            raise Unspeakable("nothing to compare")
        what, text = self.tokens.pop(0)
        if what == "name" and self.take("("):
            return self.called(text)
        return Node(what, text[1:-1] if what == "text" else text)

    def row(self, end: str) -> Node:
        parts: list[Node] = []
        while not self.take(end):
            if parts:
                self.must(",")
            parts.append(self.either())
        return Node("list", parts=tuple(parts))

    def called(self, name: str) -> Node:
        given = self.row(")").parts
        owner, _, method = name.rpartition(".")
        if name == "size" and len(given) == 1:
            return Node("size", parts=given)
        if method == "size" and owner and not given:
            return Node("size", parts=(Node("name", owner),))
        if method in HOLDING and owner and len(given) == 1 and given[0].what == "text":
            return Node("holds", method, (Node("name", owner), given[0]))
        raise Unspeakable(name)


def _say(node: Node, words: Words) -> str:
    return SAYING.get(node.what, _refuse)(node, words)


def _refuse(node: Node, words: Words) -> str:
    raise Unspeakable(node.what)


def _say_or(node: Node, words: Words) -> str:
    """起因是“邻里”或“物业” where all parts compare the same name, else 甲，或者乙."""
    same = _same_name(node)
    if same:
        return f"{_name(same, words)}是{listed([_value(same, part.parts[1], words) for part in node.parts], '或')}"
    return "，或者".join(_bracketed(part, words, "and") for part in node.parts)


def _same_name(node: Node) -> str:
    names = {
        part.parts[0].text
        for part in node.parts
        if part.what == "compare"
        and part.text == "=="
        and part.parts[0].what == "name"
        and part.parts[1].what == "text"
    }
    all_compare = all(
        part.what == "compare" and part.text == "==" and part.parts[1].what == "text" for part in node.parts
    )
    return names.pop() if all_compare and len(names) == 1 else ""


def _say_and(node: Node, words: Words) -> str:
    return "，并且".join(_bracketed(part, words, "or") for part in node.parts)


def _bracketed(part: Node, words: Words, loose: str) -> str:
    said = _say(part, words)
    return f"（{said}）" if part.what == loose and "，" in said else said


def _say_not(node: Node, words: Words) -> str:
    inner = node.parts[0]
    if inner.what == "name":
        return _yes_no(inner.text, words, yes=False)
    if inner.what == "compare":
        return _say_compare(Node("compare", OPPOSITE[inner.text], inner.parts), words)
    return f"并非（{_say(inner, words)}）"


def _say_name(node: Node, words: Words) -> str:
    return _yes_no(node.text, words, yes=True)


def _yes_no(name: str, words: Words, *, yes: bool) -> str:
    head, _, slug = name.partition(".")
    if head == "has":
        return f"{'已填写' if yes else '未填写'}{words.field(slug)}"
    if name in {"true", "false"}:
        return "任何情形" if (name == "true") is yes else "没有任何情形"
    return f"{_name(name, words)}一项为“{'是' if yes else '否'}”"


def _say_compare(node: Node, words: Words) -> str:
    sign, (left, right) = node.text, node.parts
    if left.what in {"text", "number"}:
        sign, left, right = TURNED[sign], right, left
    if left.what == "size":
        return f"{_name(left.parts[0].text, words)}{COUNTED[sign]}{_number(right)}项"
    if left.what != "name":
        raise Unspeakable(left.what)
    if right.what == "text" and sign in {"==", "!="}:
        return f"{_name(left.text, words)}{'是' if sign == '==' else '不是'}{_value(left.text, right, words)}"
    if right.what == "name" and right.text in {"true", "false"} and sign in {"==", "!="}:
        return _yes_no(left.text, words, yes=(right.text == "true") is (sign == "=="))
    return _numbers(sign, left.text, right, words)


def _numbers(sign: str, name: str, right: Node, words: Words) -> str:
    head, _, slug = name.partition(".")
    if right.what == "name":
        return f"{_name(name, words)}{COUNTED[sign]}{_name(right.text, words)}"
    number = _number(right)
    if head in DUTIES:
        if (sign, number) in {("==", "0"), ("<", "1"), ("<=", "0")}:
            return NONE[head].format(words.duty(slug))
        if (sign, number) in {(">", "0"), (">=", "1"), ("!=", "0")}:
            return SOME[head].format(words.duty(slug))
        return f"{DUTIES[head].format(words.duty(slug))}{COUNTED[sign]}{number}件"
    scale = MEASURED if _is_measured(name, words) else COUNTED
    return f"{_name(name, words)}{scale[sign]}{number}{words.unit(name)}"


def _is_measured(name: str, words: Words) -> bool:
    found = words.method.form.get(name.removeprefix("form."))
    return found is not None and found.type in {"money", "number"}


def _number(node: Node) -> str:
    if node.what != "number":
        raise Unspeakable(node.what)
    return node.text.removesuffix(".0")


def _say_in(node: Node, words: Words) -> str:
    left, right = node.parts
    if right.what == "list" and left.what == "name":
        return f"{_name(left.text, words)}是{listed([_value(left.text, part, words) for part in right.parts], '或')}"
    if left.what != "text" or right.what != "name":
        raise Unspeakable("in")
    if right.text == "tags":
        return f"来件带有{words.word(left.text)}标签"
    if right.text == "records":
        return f"已收到{words.need(left.text)}"
    return f"{_name(right.text, words)}中有“{left.text}”"


def _say_holds(node: Node, words: Words) -> str:
    return f"{_name(node.parts[0].text, words)}{HOLDING[node.text].format(node.parts[1].text)}"


def _name(name: str, words: Words) -> str:
    head, _, slug = name.partition(".")
    if head == "form" and slug in words.method.form:
        return words.field(slug)
    if head in DUTIES and slug:
        return f"{DUTIES[head].format(words.duty(slug))}件数"
    known = words.fact(name)
    if known is None:
        raise Unspeakable(name)
    return known


def _value(name: str, node: Node, words: Words) -> str:
    if node.what != "text":
        return _number(node)
    slug = node.text
    titled = {"kind": words.kind, "level": words.level, "stage": words.stage, "category": words.category}
    return titled.get(name, words.word)(slug)


SAYING = {
    "or": _say_or,
    "and": _say_and,
    "not": _say_not,
    "name": _say_name,
    "compare": _say_compare,
    "in": _say_in,
    "holds": _say_holds,
}
