from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from minqing.tools.text.mask import mask
from minqing.tools.text.private_numbers import id_check_holds, luhn_holds
from minqing.tools.text.segment import fold
from minqing.tools.text.urgency import find_urgency

# Made-up numbers throughout; the identity number is the example of GB 11643 itself.
MASKED = [
    # telephones
    ("请打13812345678联系我", "请打[电话]联系我"),
    ("电话：138 1234 5678", "电话：[电话]"),
    ("手机138-1234-5678", "手机[电话]"),
    ("手机１３８１２３４５６７８", "手机[电话]"),
    ("手机+86 13812345678", "手机+[电话]"),
    ("我的号是一三八一二三四五六七八", "我的号是[电话]"),
    ("座机0579-84661234", "座机[电话]"),
    ("座机(0579)84661234", "座机[电话]"),
    ("电话84661234，白天有人", "电话[电话]，白天有人"),
    ("1381234567813912345678", "[电话]"),
    ("13812345678和13912345678都行", "[电话]和[电话]都行"),
    ("电话13812345678.", "电话[电话]."),
    # identity numbers
    ("身份证11010519491231002X", "身份证[身份证号]"),
    ("身份证号：110105 19491231 002X。", "身份证号：[身份证号]。"),
    ("身份证110105194912310021", "身份证[身份证号]"),  # wrong check digit, good birthday: a slip still names a person
    ("证件110105174912310021", "证件[身份证号]"),  # right check digit, birthday of another century
    ("旧证号110105491231002", "旧证号[身份证号]"),
    # bank cards
    ("卡号6222020000000000000", "卡号[银行卡号]"),
    ("卡号4111 1111 1111 1111", "卡号[银行卡号]"),
    # plates
    ("车牌浙G12345乱停", "车牌[车牌]乱停"),
    ("浙G·A123B挡了路", "[车牌]挡了路"),
    ("新能源车浙GD12345", "新能源车[车牌]"),
    # mail and chat
    ("写信到someone.else@example.com吧", "写信到[邮箱]吧"),
    ("微信号：abc_12345", "微信号：[微信号]"),
    ("加我vx:wode_id99", "加我vx:[微信号]"),
    ("QQ群123456789", "QQ群[QQ号]"),
    ("qq：10001234", "qq：[QQ号]"),
    # doors
    ("住在3栋2单元501室", "住在[房号]"),
    ("住在三栋二单元501", "住在[房号]"),
    ("12号楼1203室漏水", "[房号]漏水"),
    ("A座1201", "[房号]"),
    ("2单元501室", "[房号]"),
    # names
    ("我叫王小明，住在村里", "我叫王某，住在村里"),
    ("姓名：李建国", "姓名：李某"),
    ("姓名：阿依古丽", "姓名：某"),
    ("村支书张建国不管", "村支书张某不管"),
    ("局长吴爱国同志", "局长吴某同志"),
    ("欧阳娜娜女士来电", "欧阳某女士来电"),
    ("陈美丽女士来电", "陈某女士来电"),
    ("联系人：周杰", "联系人：周某"),
    ("村民陈美丽的房子漏水", "村民陈某的房子漏水"),
    ("民警马超说不归他管", "民警马某说不归他管"),
    ("物业经理黄海波态度恶劣", "物业经理黄某态度恶劣"),
    ("女儿李梓萱在一小上学", "女儿李某在一小上学"),
    ("昨天王小明又来了", "昨天王某又来了"),
    ("村支書張建國不管", "村支書張某不管"),
    ("王小明13812345678", "王某[电话]"),
]

# The desk reads the masked copy: a name ends before what was done.
BLOWS = [
    ("我老公陈伟打我", "我老公陈某打我"),
    ("我老公陈伟明打我", "我老公陈某打我"),
    ("老公王强骂我", "老公王某骂我"),
    ("丈夫李刚砍我", "丈夫李某砍我"),
    ("村民李明捅人", "村民李某捅人"),
    ("丈夫陈伟抢了孩子", "丈夫陈某抢了孩子"),
    ("我丈夫李刚掐我脖子", "我丈夫李某掐我脖子"),
    ("丈夫李刚烧房子", "丈夫李某烧房子"),  # the segmenter hears 刚烧
    ("老公陈伟绑我", "老公陈某绑我"),
    ("儿子李强踢我", "儿子李某踢我"),
    ("老公李勇扇我耳光", "老公李某扇我耳光"),
    ("丈夫陳偉殺我", "丈夫陳某殺我"),
    ("老师李勇强奸学生", "老师李某强奸学生"),
    ("村民张伟死了", "村民张某死了"),
    ("姓名是阿不都打我", "姓名是某打我"),
    ("我老公陈打我", "我老公陈打我"),  # a surname alone
    ("老公陈骂人", "老公陈骂人"),
    ("丈夫李威胁我", "丈夫李威胁我"),
]
MASKED += BLOWS

LEFT = [
    "拨打12345没人接",
    "拨打110和119",
    "客服4001234567占线",
    "2023年5月1日上午9点",
    "2023-05-01 10:30:00",
    "合同金额1380000元",
    "每月工资13800元",
    "订单号20230501123456789012",  # twenty digits
    "流水号800000000000000001",  # eighteen digits, no birthday in them
    "住在3栋，楼道没有灯",
    "望江路12号门口积水",
    "面积120平方米，3室2厅",
    "G60高速堵车",
    "国道330线",
    "请求张主任处理",
    "和王主任说过",
    "班主任罗老师体罚学生",
    "司机王师傅开得快",
    "校长高度重视",
    "小学老师要求补课",
    "高峰时段堵车",
    "何时能解决",
    "安文街道花溪村",
    "新城镇白云山村",
    "严重影响居民生活",
    "没有办许可证",
    "这段时间总停电",
    "谢谢您的答复",
    "黄兴路堵车",
    "张某和李某某吵架",
    "村民李某某说不知道",
    "微信群里没人理",
    "第13届运动会",
    "上午8:30至12:00",
]


@pytest.mark.parametrize(("written", "shown"), MASKED)
def test_what_leads_to_a_person_is_masked(written: str, shown: str) -> None:
    assert mask(written) == shown


@pytest.mark.parametrize("written", LEFT)
def test_what_leads_to_nobody_stays_readable(written: str) -> None:
    assert mask(written) == written


@pytest.mark.parametrize(("written", "shown"), MASKED)
def test_masking_again_changes_nothing(written: str, shown: str) -> None:
    assert mask(shown) == shown


@pytest.mark.parametrize(("written", "shown"), BLOWS)
def test_the_masked_copy_is_as_urgent_as_what_was_written(written: str, shown: str) -> None:
    assert {one.what for one in find_urgency("", shown)} == {one.what for one in find_urgency("", written)}


def test_the_masked_copy_of_a_blow_alarms() -> None:
    assert [one.what for one in find_urgency("", mask("我老公陈伟打我"))] == ["violence-at-home"]


def test_the_check_digits_tell_a_good_number_from_a_slip() -> None:
    assert id_check_holds("11010519491231002x") and not id_check_holds("110105194912310021")
    assert luhn_holds("4111111111111111") and not luhn_holds("4111111111111112")


_NUMBERS = [
    "13812345678",
    "138 1234 5678",
    "１３９１２３４５６７８",
    "0579-84661234",
    "11010519491231002X",
    "浙G12345",
    "3栋2单元501室",
]
_NAMES = [
    "王小明",
    "张主任",
    "姓名：",
    "我叫",
    "先生",
    "某",
    "李",
    "書記",
    "村",
    "电话",
    "[电话]",
    "微信",
    "qq12345678",
    "a.b@c.de",
]
_BETWEEN = ["-", " ", "，", "。", "1", "是", "|", "@", "\0", "\ud800"]
_PARTS = st.sampled_from([*_NUMBERS, *_NAMES, *_BETWEEN])
_TEXTS = st.lists(st.one_of(_PARTS, st.text(max_size=4)), max_size=14).map("".join)


@given(_TEXTS)
@settings(max_examples=300, deadline=None)
def test_masking_never_raises_is_idempotent_and_leaves_no_mobile_number(text: str) -> None:
    masked = mask(text)
    assert mask(masked) == masked
    assert not re.search(r"(?<![0-9])1[3-9][0-9]{9}(?![0-9])", fold(masked))
    masked.encode("utf-8")
    assert "\0" not in masked


@pytest.mark.parametrize(
    "text", ["", "\0", "\ud800\udfff", "a" * 1_000_000, "1" * 1_000_000, "王" * 100_000, "1 " * 100_000]
)
def test_hostile_text_is_masked_without_a_fault(text: str) -> None:
    masked = mask(text)
    assert "\0" not in masked
    masked.encode("utf-8")
