from __future__ import annotations

import pytest

from minqing.tools.text.against import find_against

AGAINST = [
    ("村委会不公开账目", "village-committee:村委会"),
    ("投诉安文派出所", "police:派出所"),
    ("派出所接了报警却不立案", "police:派出所"),
    ("物业收了钱不办事，物业公司态度恶劣", "property-firm:物业公司"),
    ("教育局推诿，一直没有答复", "bureau:教育局"),
    ("举报村支书贪污低保款", "cadre:村支书"),
    ("网格员从来不管", "grid-worker:网格员"),
    ("镇政府强拆我家房子", "township:镇政府"),
    ("社区居委会踢皮球", "community:社区居委会"),
    ("法院判了却不执行", "court:法院"),
    ("学校乱收费", "school:学校"),
    ("医院误诊，拒绝赔偿", "hospital:医院"),
    ("开发商违规卖房", "developer:开发商"),
    ("老板拖欠工资", "employer:老板"),
    ("找了村委会好几次，村委会就是不管", "village-committee:村委会"),
    ("供电所乱收费", "utility:供电所"),
    ("业委会挪用维修资金", "owners-committee:业委会"),
    ("城管執法人員打人", "bureau:城管"),
    ("被物业保安打了，物业不承认", "property-firm:物业"),
    ("镇政府征地，青苗补偿款一直拖着不给", "township:镇政府"),
    ("公安局接了报案，三个月不立案", "police:公安局"),
    ("投诉镇长吃拿卡要", "township:镇长"),
]

NOT_AGAINST = [
    "请派出所来处理",
    "希望城管局查处占道经营",
    "已向派出所报案",
    "向村委会反映过邻居违规养鸡",
    "村委会门口的路灯坏了",
    "感谢社区的帮助",
    "建议教育局增加学位",
    "小区停水三天",
    "教育局门口堵车，黑车乱收费",
    "村委会来调解过，邻居不肯",
    "水利局修了河堤。路灯没人管",
]


@pytest.mark.parametrize(("text", "body"), AGAINST)
def test_the_body_complained_of_is_found(text: str, body: str) -> None:
    assert body in find_against("", text)


@pytest.mark.parametrize("text", NOT_AGAINST)
def test_a_body_asked_for_help_is_not_complained_of(text: str) -> None:
    assert find_against("", text) == ()


def test_each_body_is_named_once_in_the_order_of_mention() -> None:
    assert find_against("投诉物业", "村委会不管，物业乱收费") == ("property-firm:物业", "village-committee:村委会")
