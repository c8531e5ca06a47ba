"""Definition files: YAML in which every scalar is text, read into positioned values; all complaints at once.

No anchors, aliases, tags, second documents or doubled keys; nothing is converted by its looks (`no`, `0330`, `1:30`
stay text). A complaint is `file:line: sentence`, with the nearest right word where a word is wrong. A file of more
than 256 KiB or nested more than 20 deep is refused. This module knows no domain word.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from minqing.base.definition_words import advice_on, in_chinese, nearest, perhaps, shown
from minqing.base.errors import BadInput

__all__ = [
    "DEEPEST", "LARGEST", "Complaint", "DefinitionErrors", "Items", "Keys", "Node", "Reading", "Text", "nearest",
    "read_file", "read_text", "shown",
]  # fmt: skip

LARGEST = 256 * 1024
DEEPEST = 20
_MANY = 100  # complaints a file gets in one run
#: What an editor cannot show, or counts as a line where YAML does and the eye does not.
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
_PARSER: Any = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader


@dataclass(frozen=True, order=True)
class Complaint:
    """What is wrong, where, and what to do about it."""

    path: str
    line: int
    text: str
    zh: str = field(default="", compare=False)  # the same in Chinese, where it is told so too

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.text}"


class DefinitionErrors(BadInput):
    """A definition file cannot be taken; `complaints` holds every reason, in the order of the lines."""

    def __init__(self, complaints: Iterable[Complaint]) -> None:
        self.complaints = tuple(sorted(set(complaints)))
        super().__init__("\n".join(str(one) for one in self.complaints))


@dataclass(frozen=True)
class Text:
    """A scalar, as written. `trail` is the way to it from the top: `stages.village.limit`."""

    value: str
    line: int
    trail: str = ""


@dataclass(frozen=True)
class Items:
    """A list."""

    items: tuple[Node, ...]
    line: int
    trail: str = ""


@dataclass(frozen=True)
class Keys:
    """A mapping, in the order of the file. `key_lines` are the lines of the keys."""

    entries: Mapping[str, Node]
    key_lines: Mapping[str, int]
    line: int
    trail: str = ""

    def get(self, key: str) -> Node | None:
        """What stands under the key."""
        return self.entries.get(key)


Node = Text | Items | Keys


@dataclass
class Reading:
    """One file being read: typed access to its nodes, complaints gathered on the way.

    Every accessor complains and gives a harmless value (None, "", ()) when the node is not what it should be.
    """

    path: str
    complaints: list[Complaint] = field(default_factory=list)
    nouns: Mapping[str, str] = field(default_factory=dict)  # what things of such a file are called in Chinese

    def said(self, what: str) -> str:
        """What a complaint is about, in Chinese."""
        return in_chinese(what, self.nouns)

    def complain(self, where: Node | int, text: str, zh: str = "") -> None:
        """Adds a complaint at a node or line."""
        line = where if isinstance(where, int) else where.line
        if len(self.complaints) < _MANY:
            self.complaints.append(Complaint(self.path, line, text, zh))

    def stop_if_bad(self) -> None:
        """Raises everything complained of so far, if anything was."""
        if self.complaints:
            raise DefinitionErrors(self.complaints)

    def mapping(self, node: Node | None, what: str) -> Keys:
        """The node as a mapping."""
        if isinstance(node, Keys):
            return node
        line = node.line if node else 1
        if not (isinstance(node, Text) and node.value == ""):
            self.complain(line, f"{what} is a block of keys, not {_kind_of(node)}", f"{self.said(what)}下面应是一组键")
        elif node is not None:
            zh = f"{self.said(what)}是空的：请在下面缩进，写上它的各个键"
            self.complain(line, f"{what} is empty: write its keys below it, indented", zh)
        return Keys({}, {}, line, node.trail if node else "")

    def sequence(self, node: Node | None, what: str) -> tuple[Node, ...]:
        """The node as a list."""
        if isinstance(node, Items):
            return node.items
        if node is not None:
            text = f"{what} is a list, not {_kind_of(node)}: write it in [ ] or with - before each line"
            self.complain(node, text, f"{self.said(what)}应是一串：请写在 [ ] 里，或每行前面加 -")
        return ()

    def text(self, node: Node | None, what: str) -> str:
        """The node as a text that is not empty."""
        if isinstance(node, Text):
            if node.value.strip():
                return node.value.strip()
            self.complain(node, f"{what} is empty", f"{self.said(what)}是空的：请填写")
        elif node is not None:
            zh = f"{self.said(what)}应是一个词或一段文字"
            self.complain(node, f"{what} is a word or a text, not {_kind_of(node)}", zh)
        return ""

    def texts(self, node: Node | None, what: str) -> tuple[str, ...]:
        """One text, or a list of them; none twice."""
        if not isinstance(node, Items):
            one = self.text(node, what)
            return (one,) if one else ()
        found: list[str] = []
        for item in node.items:
            word = self.text(item, f"each of {what}")
            if word in found:
                zh = f"{self.said(what)}里“{shown(word)}”写了两次：请删去一个"
                self.complain(item, f'{what}: "{shown(word)}" stands twice', zh)
            elif word:
                found.append(word)
        if not node.items:
            self.complain(node, f"{what} is empty", f"{self.said(what)}是空的：请填写")
        return tuple(found)

    def yes_no(self, node: Node | None, what: str, default: bool = False) -> bool:
        """yes or no, written so."""
        if node is None:
            return default
        word = self.text(node, what)
        if word and word not in ("yes", "no"):
            zh = f"{self.said(what)}只能写 yes 或 no，不能写“{shown(word)}”"
            self.complain(node, f'{what} is yes or no, not "{shown(word)}"', zh)
        return word == "yes"

    def whole(self, node: Node | None, what: str, least: int, most: int, default: int = 0) -> int:
        """A whole number within bounds."""
        if node is None:
            return default
        word = self.text(node, what)
        if re.fullmatch(r"[0-9]{1,9}", word) and least <= int(word) <= most:
            return int(word)
        if word:
            zh = f"{self.said(what)}应是 {least} 到 {most} 的整数，不能写“{shown(word)}”"
            self.complain(node, f'{what} is a whole number from {least} to {most}, not "{shown(word)}"', zh)
        return default

    def choice(self, node: Node | None, what: str, words: Collection[str]) -> str:
        """One of the words."""
        word = self.text(node, what)
        if word and word not in words and node is not None:
            listed = ", ".join(words)
            text = f'{what} cannot be "{shown(word)}".{nearest(word, words)} It is one of: {listed}'
            zh = f"{self.said(what)}不能写“{shown(word)}”。{perhaps(word, words)}可以写：{listed}"
            self.complain(node, text, zh)
            return ""
        return word

    def named(self, node: Node, word: str, what: str, words: Collection[str]) -> bool:
        """Whether a name is known; complains with the nearest right one. `what`: 'stage' gives 'no stage is called'."""
        if word in words:
            return True
        if len(self.complaints) >= _MANY:  # enough is said; looking for near words takes its time
            return False
        zh = f"没有叫“{shown(word)}”的{self.nouns.get(what, what)}。{perhaps(word, words)}"
        self.complain(node, f'no {what} is called "{shown(word)}".{nearest(word, words)}', zh)
        return False

    def known_keys(self, keys: Keys, what: str, words: Sequence[str], required: Collection[str] = ()) -> None:
        """Refuses keys that the block does not know, and asks for those it needs."""
        for key, line in keys.key_lines.items():
            if key not in words and len(self.complaints) < _MANY:
                listed = ", ".join(words)
                text = f'{what} has no key "{shown(key)}".{nearest(key, words)} It knows: {listed}'
                zh = f"{self.said(what)}里没有“{shown(key)}”这个键。{perhaps(key, words)}可以用的键：{listed}"
                self.complain(line, text, zh)
        for key in words:
            if key in required and key not in keys.entries:
                near = [other for other in keys.entries if other not in words and nearest(other, (key,))]
                if not near:
                    self.complain(keys, f'{what} needs the key "{key}"', f"{self.said(what)}里缺“{key}”这个键：请补上")


def _kind_of(node: Node | None) -> str:
    if node is None:
        return "nothing"
    return {Text: "a text", Items: "a list", Keys: "a block of keys"}[type(node)]


def read_text(content: str | bytes, path: str) -> Keys:
    """The text of a definition file as positioned values; raises `DefinitionErrors`."""
    reading = Reading(path)
    text = _clean(reading, content)
    reading.stop_if_bad()
    top = _tree(reading, text)
    reading.stop_if_bad()
    if not isinstance(top, Keys):
        text = "the file is empty or has no keys: it is a page of `key: value`"
        raise DefinitionErrors([Complaint(path, 1, text, "文件是空的，或没有键：应是一行一行的“键: 值”")])
    return top


def read_file(path: Path | str) -> tuple[Keys, str]:
    """A definition file and its text; raises `DefinitionErrors`, also when the file cannot be opened."""
    try:
        with open(path, "rb") as stream:
            content = stream.read(LARGEST + 1)
    except (OSError, ValueError) as fault:
        reason = fault.strerror if isinstance(fault, OSError) and fault.strerror else "the name cannot be a file's"
        raise DefinitionErrors([Complaint(str(path), 1, f"the file cannot be read: {reason}")]) from fault
    return read_text(content, str(path)), content.decode("utf-8-sig", "replace")


def _clean(reading: Reading, content: str | bytes) -> str:
    if len(content) > LARGEST:
        text = f"the file is larger than {LARGEST // 1024} KiB: a definition file is a page or two"
        reading.complain(1, text, f"文件超过 {LARGEST // 1024} KiB：这样的文件一般只有一两页")
        return ""
    if isinstance(content, bytes):
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError as fault:
            line = content.count(b"\n", 0, fault.start) + 1
            text = "the file is not UTF-8 (perhaps GBK/GB18030 or UTF-16): save it again as UTF-8"
            reading.complain(line, text, "文件不是 UTF-8 编码（可能是 GBK/GB18030 或 UTF-16）：请另存为 UTF-8")
            return ""
    else:
        text = content.removeprefix("\ufeff")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    for found in _UNSEEN.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        sign = f"U+{ord(found.group()):04X}"
        zh = f"这里有一个看不见的字符（{sign}）：请删去"
        reading.complain(line, f"an unseen character ({sign}) stands here: take it out", zh)
        break
    return text


class _Refused(Exception):
    """Reading cannot go on; the complaint is made."""


def _tree(reading: Reading, text: str) -> Node | None:
    parser = _PARSER(text)
    try:
        return _document(reading, parser)
    except yaml.MarkedYAMLError as fault:
        mark = fault.problem_mark or fault.context_mark
        line = mark.line + 1 if mark else 1
        problem = " ".join(str(fault.problem or fault.context or "").split())
        advice, zh = advice_on(text, line)
        reading.complain(line, f"not readable as YAML: {problem}. {advice}", f"这里不合 YAML 的写法（{problem}）。{zh}")
    except yaml.YAMLError as fault:
        problem = shown(str(fault))
        reading.complain(1, f"not readable as YAML: {problem}", f"不合 YAML 的写法（{problem}）")
    except _Refused:
        return None
    finally:
        parser.dispose()
    return None


def _document(reading: Reading, parser: Any) -> Node | None:
    top: Node | None = None
    for number, event in enumerate(_events(parser)):
        if isinstance(event, yaml.DocumentStartEvent):
            if number > 1:
                text = "a second document begins here: one file holds one definition"
                reading.complain(_line(event), text, "从这里又开始了一份：一个文件只写一份")
                raise _Refused
            top = _node(reading, parser.get_event(), parser, "", 0) if not _ends(parser) else None
    return top


def _events(parser: Any) -> Iterator[Any]:
    while parser.check_event():
        yield parser.get_event()


def _ends(parser: Any) -> bool:
    return bool(parser.check_event(yaml.DocumentEndEvent))


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


def _node(reading: Reading, event: Any, parser: Any, trail: str, depth: int) -> Node:
    line = _line(event)
    if depth > DEEPEST:
        reading.complain(line, f"nested more than {DEEPEST} deep", f"套得太深，超过 {DEEPEST} 层")
        raise _Refused
    if isinstance(event, yaml.AliasEvent):
        name = f"*{shown(str(event.anchor))}"
        zh = f"“{name}”是引用：请把值写出来，或放在双引号里"
        reading.complain(line, f'"{name}" is an alias: write the value out, or in double quotes', zh)
        return Text("", line, trail)
    _refuse_decoration(reading, event, line)
    if isinstance(event, yaml.ScalarEvent):
        return Text(event.value, line, trail)
    make: Callable[..., Node] = _items if isinstance(event, yaml.SequenceStartEvent) else _keys
    return make(reading, parser, line, trail, depth)


def _refuse_decoration(reading: Reading, event: Any, line: int) -> None:
    if event.anchor:
        name = f"&{shown(event.anchor)}"
        zh = f"“{name}”是锚点：请把值写出来，或放在双引号里"
        reading.complain(line, f'"{name}" is an anchor: write the value out, or in double quotes', zh)
    if event.tag and event.tag != "!":
        zh = f"“{shown(event.tag)}”是标签：以 ! 开头的文字要放在双引号里"
        reading.complain(line, f'"{shown(event.tag)}" is a tag: a text that begins with ! stands in double quotes', zh)


def _items(reading: Reading, parser: Any, line: int, trail: str, depth: int) -> Items:
    found: list[Node] = []
    while not parser.check_event(yaml.SequenceEndEvent):
        found.append(_node(reading, parser.get_event(), parser, f"{trail}.{len(found)}" if trail else "0", depth + 1))
    parser.get_event()
    return Items(tuple(found), line, trail)


def _keys(reading: Reading, parser: Any, line: int, trail: str, depth: int) -> Keys:
    entries: dict[str, Node] = {}
    lines: dict[str, int] = {}
    while not parser.check_event(yaml.MappingEndEvent):
        key = _node(reading, parser.get_event(), parser, trail, depth + 1)
        name = key.value if isinstance(key, Text) else ""
        value = _node(reading, parser.get_event(), parser, f"{trail}.{name}" if trail else name, depth + 1)
        if not isinstance(key, Text):
            text = "a key is one word, not a list or a block: look at the brackets of this line"
            reading.complain(key, text, "键只能是一个词，不能是一串或一组：请看这一行的括号")
        elif name in entries:
            zh = f"“{shown(name)}”这个键写了两次（前一次在第 {lines[name]} 行）"
            reading.complain(key, f'the key "{shown(name)}" stands twice (first in line {lines[name]})', zh)
        else:
            entries[name], lines[name] = value, key.line
    parser.get_event()
    return Keys(entries, lines, line, trail)
