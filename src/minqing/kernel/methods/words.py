"""What the slugs of one method are called in Chinese: roles, stages, kinds, levels, verbs, facts.

A file titles what it brings itself; what every method knows is titled here; what a capability offers, it titles in
its `words`. A slug nobody titled is shown in quotes as it stands, so that a reader sees what is missing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Protocol

from minqing.kernel.methods.measures import MEASURES
from minqing.kernel.methods.model import Method
from minqing.kernel.methods.titles import Title
from minqing.kernel.methods.vocabulary import KERNEL_VERBS, STANDING_VERBS, Verb, Vocabulary

ROLES: Mapping[str, str] = {
    "reporter": "反映人",
    "holder": "承办人",
    "owing": "逾期未办的一方",
    "above": "上一级",
    "helpers": "协办单位",
    "parties": "当事人",
    "supervisor": "承办人的上级",
    "grid": "网格员",
    "village": "村（社区）",
    "town": "乡镇（街道）",
    "county": "县（市、区）",
    "city": "市",
    "department": "主管部门",
    "court": "法院",
    "discipline": "纪检监察机关",
    "mediator": "调解员",
    "volunteer": "志愿者",
    "worker": "经办人",
    "machine": "系统",
}

#: How a matter may end, Chinese and English; nothing else in the house titles the ends.
ENDS: Mapping[str, tuple[str, str]] = {
    "satisfied": ("回访满意", "satisfied"),
    "answered": ("已书面答复，未满意", "answered, not satisfied"),
    "not_reached": ("未联系上反映人", "not reached"),
    "not_called": ("未回访（未抽中或本人不愿）", "not called (by sampling or by wish)"),
    "verified": ("已由他人现场核实", "verified on the spot"),
    "guided": ("已书面引导到法定途径", "guided into the procedure of law"),
    "withdrawn": ("本人撤回", "withdrawn"),
    "merged": ("并入另一事项", "merged"),
}

RESULTS: Mapping[str, str] = {
    "satisfied": "满意",
    "unsatisfied": "不满意",
    "not_reached": "未联系上",
    "not_called": "不回访",
}

FACTS: Mapping[str, str] = {
    "kind": "事项类别",
    "channel": "来件渠道",
    "category": "事项分类",
    "stage": "所在环节",
    "level": "等级",
    "outcome": "处理结果",
    "tags": "标签",
    "records": "已收材料",
    "people": "涉及人数（人）",
    "returns": "退回次数（次）",
    "reopenings": "重开次数（次）",
    "transfers": "移交次数（次）",
    "refusals": "退单次数（次）",
    "helpers.open": "尚未答复的协办单位数（个）",
}


class _Titled(Protocol):
    @property
    def title(self) -> Title: ...


#: A short unit in brackets behind a title: 涉损金额（元）, 涉及人数（人）.
UNIT = re.compile(r"（([人户次件项个处天日元米度分]|万元|平方米|亩)）$")


def as_it_stands(slug: str) -> str:
    """A name nobody titled, shown so that the reader sees it."""
    return f"“{slug}”"


def listed(names: Sequence[str], last: str = "、") -> str:
    """甲、乙、丙; with `last` 甲、乙或丙."""
    if len(names) < 2:
        return "".join(names)
    return "、".join(names[:-1]) + last + names[-1]


def _titled(titles: Mapping[str, _Titled], slug: str) -> str:
    found = titles.get(slug)
    return as_it_stands(found.title.zh if found else slug)


def joined_words(vocabulary: Vocabulary, uses: Sequence[str]) -> dict[str, str]:
    """Categories and tags, and how the capabilities a method draws on call their facts, results and measures."""
    words = dict(vocabulary.words)
    for slug in uses:
        if slug in vocabulary.capabilities:
            words.update(vocabulary.capabilities[slug].words)
    return words


def known_verbs(vocabulary: Vocabulary, uses: Sequence[str]) -> dict[str, Verb]:
    """The verbs a method may use: the kernel's and those of its capabilities."""
    verbs = dict(STANDING_VERBS) | dict(KERNEL_VERBS)
    for slug in uses:
        if slug in vocabulary.capabilities:
            verbs.update(vocabulary.capabilities[slug].verbs)
    return verbs


class Words:
    """The Chinese names of one method."""

    def __init__(self, method: Method, vocabulary: Vocabulary) -> None:
        self.method = method
        self._verbs = known_verbs(vocabulary, method.uses)
        self._words = joined_words(vocabulary, method.uses)
        self._facts = dict(FACTS) | self._words

    def role(self, slug: str) -> str:
        """网格员; a role the file brings by its own title."""
        own = self.method.roles.get(slug)
        return own.title.zh if own else ROLES.get(slug, as_it_stands(slug))

    def role_en(self, slug: str) -> str:
        """grid; a role the file brings by its own title."""
        own = self.method.roles.get(slug)
        return own.title.en if own else slug

    def roles(self, slugs: Sequence[str], last: str = "、") -> str:
        """网格员、村（社区）."""
        return listed([self.role(slug) for slug in slugs], last)

    def stage(self, slug: str) -> str:
        """“村级办理”."""
        return _titled(self.method.stages, slug)

    def kind(self, slug: str) -> str:
        """“矛盾纠纷”."""
        return _titled(self.method.kinds, slug)

    def level(self, slug: str) -> str:
        """“红色预警”."""
        return _titled(self.method.levels, slug)

    def field(self, slug: str) -> str:
        """“起因”, without the unit behind it."""
        return as_it_stands(UNIT.sub("", _titled(self.method.form, slug)[1:-1]))

    def duty(self, slug: str) -> str:
        """“向村反馈办理结果”; conditions write - as _."""
        return _titled(self.method.duties, slug if slug in self.method.duties else slug.replace("_", "-"))

    def letter(self, slug: str) -> str:
        """《督办单》."""
        found = self.method.letters.get(slug)
        return f"《{found.title}》" if found else as_it_stands(slug)

    def category(self, path: str) -> str:
        """“住房物业”, “住房物业／物业服务”: a top class or a leaf of the reader's tree."""
        steps = path.split("/")
        paths = ["/".join(steps[:number]) for number in range(1, len(steps) + 1)]
        return as_it_stands("／".join(self._words.get(each, each.split("/")[-1]) for each in paths))

    def need(self, slug: str) -> str:
        """What a move needs: a record or a form field."""
        record = self.method.records.get(slug)
        return as_it_stands(record.zh) if record else self.field(slug)

    def verb(self, slug: str) -> str:
        """办结."""
        found = self._verbs.get(slug)
        return found.zh if found else as_it_stands(slug)

    def verb_en(self, slug: str) -> str:
        """settle."""
        found = self._verbs.get(slug)
        return found.en if found else slug

    def needs_of(self, slug: str) -> tuple[str, ...]:
        """What a verb always needs, whatever the file says."""
        found = self._verbs.get(slug)
        return found.needs if found else ()

    def word(self, slug: str) -> str:
        """“满意”: a result, tag, channel or outcome."""
        return as_it_stands(self._words.get(slug, RESULTS.get(slug, slug)))

    def measure(self, slug: str) -> str:
        """按期办结率."""
        return self._words.get(slug) or (MEASURES[slug].zh if slug in MEASURES else as_it_stands(slug))

    def fact(self, name: str) -> str | None:
        """What a condition reads, without its unit; nothing when nobody titled it."""
        found = self._facts.get(name)
        return None if found is None else UNIT.sub("", found)

    def unit(self, name: str) -> str:
        """元, 人, 件: what stands in brackets behind a title; money is counted in yuan."""
        field = self.method.form.get(name.removeprefix("form."))
        found = UNIT.search(field.title.zh if field else self._facts.get(name, ""))
        if found:
            return found[1]
        return "元" if field is not None and field.type == "money" else ""
