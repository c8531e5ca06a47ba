"""What capabilities offer to method files: verbs, field types, facts, sections, measures, a check of their own.

The kernel knows its own verbs (`KERNEL_VERBS`); wiring joins them with those of each capability into one
`Vocabulary`, which the loader, the checker and the kernel get as an argument. Nothing here runs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from minqing.kernel.methods.model import Method

CelType = Literal["string", "int", "double", "bool", "list", "timestamp"]


@dataclass(frozen=True)
class Verb:
    """A verb a move may use. `results` is its closed list; `computed` verbs take the first result that holds."""

    zh: str
    en: str
    results: tuple[str, ...] = ()
    computed: bool = False
    machine: bool = False
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class FieldType:
    """A type of form field; `cel` is how conditions see it, `rows` says that a duty may hang on each row."""

    cel: CelType
    personal: bool = False
    rows: bool = False


@dataclass(frozen=True)
class Capability:
    """What one programme offers. `check` may complain about a loaded method: (key path, sentence).

    `words`: how its facts, results, tags and measures are said in Chinese when a file is read aloud.
    """

    slug: str
    doc: str
    verbs: Mapping[str, Verb] = field(default_factory=dict)
    types: Mapping[str, FieldType] = field(default_factory=dict)
    facts: Mapping[str, CelType] = field(default_factory=dict)
    sections: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    measures: tuple[str, ...] = ()
    words: Mapping[str, str] = field(default_factory=dict)
    check: Callable[[Method], list[tuple[str, str]]] | None = None


@dataclass(frozen=True)
class Vocabulary:
    """All that names in method files may mean, joined at the roof. `words`: categories and tags in Chinese."""

    capabilities: Mapping[str, Capability]
    categories: frozenset[str] = frozenset()  # top classes and leaves 'top/leaf' of the reader's tree
    tags: frozenset[str] = frozenset()  # tags the reader may give
    divisions: frozenset[str] | None = None  # county codes that exist; None: not looked at
    words: Mapping[str, str] = field(default_factory=dict)


#: Verbs that files may write as moves in a stage.
KERNEL_VERBS: Mapping[str, Verb] = {
    "accept": Verb("签收", "accept"),
    "refer": Verb("转办", "refer"),
    "transfer": Verb("移交", "transfer"),
    "settle": Verb("办结", "settle"),
    "guide": Verb("书面引导", "guide"),
    "close": Verb("终结", "close"),
    "withdraw": Verb("撤回", "withdraw"),
    "call_back": Verb("回访", "call back", results=("satisfied", "unsatisfied", "not_reached", "not_called")),
    "verify": Verb("现场核实", "verify"),
}

#: Verbs that are always there and are not written in a stage (whistle and reopen where their block stands).
STANDING_VERBS: Mapping[str, Verb] = {
    "report": Verb("上报", "report"),
    "assign": Verb("指定承办", "assign"),
    "note": Verb("记一笔", "note"),
    "record": Verb("收录材料", "record"),
    "correct": Verb("更正", "correct"),
    "grade": Verb("调整等级", "grade"),
    "whistle": Verb("吹哨", "whistle"),
    "arrive": Verb("报到到场", "arrive"),
    "answer": Verb("答复", "answer"),
    "fulfil": Verb("完成一项责任", "do what is owed"),
    "waive": Verb("免除", "waive"),
    "reopen": Verb("重开", "reopen"),
    "hand_over": Verb("移交承办人", "hand over"),
    "clear": Verb("澄清被反映对象", "clear whom it is against"),
    "refuse": Verb("退单", "refuse"),
    "rule": Verb("裁定退单", "rule on a refusal"),
    "suspend": Verb("暂停计时", "suspend"),
    "resume": Verb("恢复计时", "resume"),
    "extend": Verb("延长时限", "extend"),
    "supervise": Verb("督办", "supervise"),
    "merge": Verb("并案", "merge"),
    "unmerge": Verb("撤销并案", "take out again"),
    "split": Verb("分案", "split"),
    "link": Verb("关联", "link"),
    "mirror": Verb("对应登记", "mirror"),
    "follow_lead": Verb("随主案转单独回访", "follow the lead"),
    "remind": Verb("催办", "remind"),
    "rate": Verb("评价", "rate"),
}

#: Types of form fields that every method knows.
KERNEL_TYPES: Mapping[str, FieldType] = {
    "text": FieldType("string"),
    "count": FieldType("int"),
    "money": FieldType("int"),
    "number": FieldType("double"),
    "yes_no": FieldType("bool"),
    "choice": FieldType("string"),
    "many": FieldType("list"),
    "date": FieldType("timestamp"),
    "moment": FieldType("timestamp"),
    "place": FieldType("string"),
    "unit": FieldType("string"),
    "file": FieldType("string"),
    "photo": FieldType("string"),
    "person": FieldType("string", personal=True),
    "people": FieldType("list", personal=True),
    "phone": FieldType("string", personal=True),
    "id_number": FieldType("string", personal=True),
    "address": FieldType("string", personal=True),
    "health": FieldType("string", personal=True),
}
