from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from minqing.tools.text.urgency import find_urgency, urgency_tags

METHODS = sorted((Path(__file__).parents[5] / "methods").glob("*.yaml"))

URGENT = [
    ("房子着火了，快来人", "fire"),
    ("隔壁起火，浓烟滚滚", "fire"),
    ("楼下电动车冒烟了", "fire"),
    ("没有人管，山火越烧越近", "fire"),
    ("家里闻到很重的煤气味", "leak"),
    ("小区燃气管道泄漏", "leak"),
    ("路边油罐车漏油", "leak"),
    ("担心燃气泄漏，已经闻到味道", "leak"),
    ("老公又打了我一晚上，把我打伤", "violence-at-home"),
    ("被丈夫殴打，不敢回家", "violence-at-home"),
    ("长期遭受家暴", "violence-at-home"),
    ("儿子喝了酒就打我", "violence-at-home"),
    ("继父虐待孩子", "child-harmed"),
    ("女儿在学校被猥亵", "child-harmed"),
    ("孩子在广场走丢了", "child-harmed"),
    ("老师扇学生耳光", "child-harmed"),
    ("学校里有校园欺凌", "child-harmed"),
    ("儿媳虐待老人", "elder-harmed"),
    ("养老院护工打老人", "elder-harmed"),
    ("老人被赶出家门", "elder-harmed"),
    ("几百名业主聚集在门口", "crowd"),
    ("村民堵路不让车过", "crowd"),
    ("工人拉横幅讨薪", "crowd"),
    ("出租车罢运第二天", "crowd"),
    ("两家人正在打架", "violence"),
    ("有人持刀追人", "violence"),
    ("他扬言要报复杀人", "violence"),
    ("我被他们打伤了", "violence"),
    ("工地有人受伤", "injury"),
    ("老人摔倒骨折，没人扶", "injury"),
    ("隔壁厂房发生大火", "fire"),
    ("有人被绑架了", "violence"),
    ("头破血流还在流血", "injury"),
    ("差点没命", "danger-to-life"),
    ("再不修就要出人命了", "danger-to-life"),
    ("孩子掉进河里了", "danger-to-life"),
    ("电梯里困住三个人，电梯突然下坠", "danger-to-life"),
    ("高压线断落在田里", "danger-to-life"),
    ("山洪来了，路冲断了", "danger-to-life"),
    ("有工人被埋在下面", "danger-to-life"),
    ("不解决我就从楼上跳下去，跳楼给你们看", "self-harm"),
    ("她说不想活了", "self-harm"),
    ("昨晚喝农药送医院", "self-harm"),
    ("逼得人要上吊", "self-harm"),
    ("房子著火了，快來人", "fire"),  # traditional characters
    ("我爸打我，我才12岁", "child-harmed"),
    ("我爸打我，我才12岁", "violence-at-home"),
    ("我今年十二岁，妈妈天天打我", "child-harmed"),
    ("我还在上小学，继父掐我", "child-harmed"),
    ("孩子被拐了", "child-harmed"),
    ("昨天下午在集市上被拐", "child-harmed"),
    ("儿子喝多了就踢我", "violence-at-home"),
    ("楼顶有人准备跳下来", "danger-to-life"),
    ("有个女的坐在天台要跳", "danger-to-life"),
    ("井盖没了，孩子掉进去了", "danger-to-life"),
    ("基坑没围，昨天有老人摔下去了", "danger-to-life"),
    ("我想死", "self-harm"),
    ("逼得我想死", "self-harm"),
    ("不想活了", "self-harm"),
    ("要 跳 楼", "self-harm"),
    ("我　不　想　活　了", "self-harm"),  # wide blanks
    ("我要跳\u200b楼", "self-harm"),  # a blank that nobody sees
]

ORDINARY = [
    "商场打出跳楼价，价格不实",
    "清仓跳楼大甩卖喇叭太吵",
    "自杀式降价扰乱市场",
    "楼道堆物有火灾隐患",
    "请组织消防演练，预防火灾",
    "希望加强防溺水宣传，防止溺水",
    "路灯不亮，容易发生车祸",
    "路口没有红绿灯，万一出车祸怎么办",
    "这条路坑洼，怕着火时消防车进不来",
    "社区举办反家暴讲座",
    "没有人受伤，只是车坏了",
    "未造成伤亡",
    "避免群体性事件",
    "公司泄露个人信息",
    "工厂招打人工的临时工",
    "请严厉打击赌博",
    "小区停水三天",
    "自来水有异味",
    "拖欠工资三个月",
    "邻居装修太吵",
    "咨询医保怎么报销",
    "学区怎么划分",
    "公交车班次太少",
    "停车费太贵",
    "广场舞音乐扰民",
    "申请低保需要什么材料",
    "物业不打扫卫生",
    "这家店生意火爆",
    "物业用水电绑架业主",
    "房价高得令人窒息",
    "这首歌大火",
    "建议设一个急救站",
    "孩子入学被打扰的问题",
    "车辆乱停堵路，出不去",
    "工伤认定办理流程",
    "建议办一场消防知识讲座，讲火灾预防",
    "万一着火了怎么办",
    "希望不要再出人命",
    "希望不要出人命",
    "希望不要再出人命了",
    "想死你了，家乡的小吃",
    "我想死你们了",
    "商场打出 跳 楼 价",
    "老公打我电话也打不通",
    "我妈让单位把补贴打我卡上",
    "我才12岁，请不要打我电话",
    "被拐弯的车挡住出不去",
    "被拐杖绊了一下",
    "楼上孩子跳上跳下太吵",
    "楼顶有人想跳广场舞，没有灯",
    "井盖没了，怕孩子掉进去",
    "井盖坏了，万一有人掉进去怎么办",
    "井盖没了，行人容易掉进去",
    "井盖松动，容易让孩子掉进去",
]


@pytest.mark.parametrize(("text", "tag"), URGENT)
def test_an_emergency_is_heard(text: str, tag: str) -> None:
    assert tag in {reason.what for reason in find_urgency("", text)}


@pytest.mark.parametrize("text", ORDINARY)
def test_an_ordinary_text_is_no_emergency(text: str) -> None:
    assert find_urgency("", text) == ()


def test_an_emergency_in_the_title_alone_is_heard() -> None:
    assert [reason.what for reason in find_urgency("仓库着火", "详见标题")] == ["fire"]


def test_a_denied_word_does_not_hide_the_same_word_said_later() -> None:
    assert find_urgency("", "上次没有着火，今天真的着火了")


def test_the_reason_quotes_our_words_and_never_what_stands_between_them() -> None:
    (reason,) = (r for r in find_urgency("", "丈夫王小明昨晚殴打我") if r.what == "violence-at-home")
    assert "丈夫…殴打" in reason.why and "王小明" not in reason.why


def test_every_tag_that_methods_rely_on_can_be_given() -> None:
    assert set(urgency_tags()) == {tag for _, tag in URGENT}


@pytest.mark.parametrize("path", METHODS, ids=[path.stem for path in METHODS])
def test_no_plain_word_of_a_method_alarms_where_the_reader_would_not(path: Path) -> None:
    """A method's words are looked up as they stand, without denials or false friends: they must be narrow."""
    emergencies = yaml.safe_load(path.read_text("utf-8"))["emergencies"].values()
    words = [word for emergency in emergencies for word in emergency["words"]]
    assert words
    assert [(word, text) for text in ORDINARY for word in words if word in text] == []
