"""Numbers that lead to a person: telephones, identity and bank card numbers, plates, mail and chat accounts, the door
of a flat. Found in folded text. Public service numbers (110, 12345, 400…) and the number of a building stay readable.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

Check = Callable[[str], bool]
_GAP = r"[ \t\-–—.·_/]{0,2}"
_CHINESE = "〇零一幺二三四五六七八九"
_CHINESE_DIGITS = str.maketrans(_CHINESE, "001123456789")
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643-1999
_COUNT = r"[0-9一二三四五六七八九十]{1,4}"
_BLOCK = rf"(?:{_COUNT}|[a-z])[ -]?(?:栋|幢|号楼|座)"
_UNIT = rf"{_COUNT}[ -]?(?:单元|门)"
_DOOR = r"[0-9]{1,3}[楼层]?[ -]?[0-9]{2,4}(?:[室号房户]|(?![0-9年月日元个人家米]))"
_PLATES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"


@dataclass(frozen=True)
class Found:
    start: int
    end: int
    instead: str


@dataclass(frozen=True)
class Kind:
    pattern: re.Pattern[str]
    instead: str
    check: Check = lambda digits: True


def id_check_holds(number: str) -> bool:
    """Eighteen places by GB 11643: the last is the remainder of the weighted sum of the others."""
    total = sum(weight * int(digit) for weight, digit in zip(_ID_WEIGHTS, number, strict=False))
    return "10x98765432"[total % 11] == number[17]


def _is_id(number: str) -> bool:
    if len(number) == 15:
        return _is_date(number[8:10], number[10:12])
    # A wrong check digit with a good birthday is a slip of the pen: it still names a person.
    return id_check_holds(number) or (number[6:8] in ("19", "20") and _is_date(number[10:12], number[12:14]))


def _is_date(month: str, day: str) -> bool:
    return 1 <= int(month) <= 12 and 1 <= int(day) <= 31


def luhn_holds(number: str) -> bool:
    doubled = (int(d) * 2 if n % 2 else int(d) for n, d in enumerate(reversed(number)))
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0


def _digits(first: str, more: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![0-9a-z]){first}(?:{_GAP}[0-9]){more}(?![0-9])")


KINDS = (
    Kind(re.compile(r"[a-z0-9_][a-z0-9_.+-]{0,63}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,4}"), "[邮箱]"),
    Kind(re.compile(rf"(?<![0-9a-z])[1-9](?:{_GAP}[0-9]){{16}}{_GAP}[0-9x](?![0-9a-z])"), "[身份证号]", _is_id),
    Kind(_digits("[1-9]", "{14}"), "[身份证号]", _is_id),
    Kind(_digits("[1-9]", "{15,18}"), "[银行卡号]", luhn_holds),
    Kind(re.compile(rf"(?<![0-9])(?:(?:00)?86{_GAP})?1{_GAP}[3-9](?:{_GAP}[0-9]){{9}}(?![0-9])"), "[电话]"),
    Kind(re.compile(r"(?<![0-9])(?:1[3-9][0-9]{9}){2,}(?![0-9])"), "[电话]"),  # written without a gap between them
    Kind(re.compile(rf"(?<![{_CHINESE}十百千万])[一幺][三四五六七八九][{_CHINESE}]{{9}}"), "[电话]"),
    Kind(re.compile(rf"(?<![0-9])\(?0[1-9][0-9]{{1,2}}\)?{_GAP}[2-9][0-9]{{2,3}}{_GAP}[0-9]{{4}}(?![0-9])"), "[电话]"),
    Kind(
        re.compile(r"(?<=[话机线])(?:号码|号)?[ 是为:]{0,3}(?P<it>[2-9][0-9]{2,3}[ -]?[0-9]{4})(?![0-9元])"),
        "[电话]",
    ),
    Kind(
        re.compile(rf"[{_PLATES}][a-hj-z][ ·.\-]?(?=[a-z]{{0,5}}[0-9])[a-z0-9]{{4,5}}[a-z0-9挂学警](?![a-z0-9])"),
        "[车牌]",
    ),
    Kind(
        re.compile(r"(?:微信|weixin|wechat|vx|wx)(?:号码|号)?[ 是为:]{0,3}(?P<it>[a-z0-9][a-z0-9_-]{4,19})"),
        "[微信号]",
    ),
    Kind(re.compile(r"(?:qq|扣扣)(?:号码|群号|群|号)?[ 是为:]{0,3}(?P<it>[1-9][0-9]{4,11})"), "[QQ号]"),
    Kind(re.compile(rf"{_BLOCK}[ -]?(?:{_UNIT}[ -]?(?:{_DOOR})?|{_DOOR})"), "[房号]"),
    Kind(re.compile(rf"{_UNIT}[ -]?{_DOOR}"), "[房号]"),
)


def find_numbers(folded: str) -> Iterator[Found]:
    """In the order of the kinds: where two overlap, the earlier kind is the right one."""
    for kind in KINDS:
        for match in kind.pattern.finditer(folded):
            group = "it" if "it" in kind.pattern.groupindex else 0
            if kind.check(_bare(match.group(group))):
                yield Found(match.start(group), match.end(group), kind.instead)


def _bare(written: str) -> str:
    return re.sub(r"[^0-9x]", "", written.translate(_CHINESE_DIGITS))
