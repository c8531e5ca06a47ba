from __future__ import annotations

import pytest

from minqing.tools.text.lexicon import Lexicon
from minqing.tools.text.suggestion import UNSORTED
from minqing.tools.text.tree import our_tree

SENTENCES = {
    "housing/property-firm": "物业费年年涨，小区保安却总不在岗，门禁也坏着",
    "housing/owners-committee": "想召开业主大会选业主委员会，更换物业",
    "housing/home-purchase": "开发商延期交房，首付早就交了",
    "housing/building-fault": "顶楼漏得厉害，墙体开裂，怕是危房",
    "housing/public-housing": "请问公租房怎么申请，公积金能不能用",
    "utilities/water": "村里停水三天了，自来水一滴也没有",
    "utilities/power": "天一热就停电，变压器太小，电压不稳",
    "utilities/gas": "天然气开户费太贵，燃气公司一直不来通气",
    "utilities/heating": "交了取暖费，暖气不热",
    "utilities/telecom": "山里手机信号差，宽带也装不上",
    "city/waste": "垃圾桶满了好几天没人清运，垃圾堆在路边",
    "city/illegal-building": "楼上私自搭建阳光房，明显是违建",
    "city/street-trade": "小贩占道经营，流动摊贩挡了人行横道",
    "city/drainage": "一下雨下水道就堵塞，门口积水",
    "city/lamps-green": "绿化带枯树没人修剪，路灯也不亮",
    "traffic/road": "村道坑坑洼洼，请把水泥路修好",
    "traffic/parking": "停车位太少，停车费又高",
    "traffic/bus": "公交车班次太少，末班车太早",
    "traffic/order-signs": "路口没有红绿灯，大货车超载又超速",
    "traffic/taxi": "出租车不打表，还拒载",
    "environment/noise": "广场舞音响太响，噪音扰民",
    "environment/air": "烧烤店油烟刺鼻，窗户都不敢开，全是异味",
    "environment/water-pollution": "工厂偷排废水，河水发黑",
    "environment/waste-soil": "养猪场的猪粪到处流，养殖污染严重",
    "environment/nature": "有人在山上盗伐林木，还打鸟捕野生动物",
    "countryside/land-contract": "承包地被别人种了，土地流转合同没签",
    "countryside/village-affairs": "村账几年没有公开，集体资产去哪了",
    "countryside/homestead": "宅基地审批拖着，建房手续办不下来",
    "countryside/farm-support": "种粮补贴没有到账，买到假种子",
    "countryside/irrigation": "水渠塌了，农田灌溉没有水",
    "land/land-taking": "征地补偿不合理，青苗费还没给",
    "land/demolition": "拆迁好几年，安置房还没分，过渡费停发",
    "land/planning": "新楼挡光，楼间距不够，规划图和公示的不一样",
    "land/title": "房产证五年办不下来，不动产登记卡在哪里",
    "land/mining": "采石场放炮，担心山体滑坡",
    "labour/wages": "包工头拖欠工资，农民工拿不到血汗钱",
    "labour/employment": "公司没签劳动合同就辞退我，不付加班费",
    "labour/work-injury": "工地受伤，工伤认定一直没有结果",
    "labour/pension": "养老保险断缴两年，能不能补缴，影响退休吗",
    "labour/jobs": "事业单位招考的岗位为什么限户籍，职称也卡人",
    "education/admission": "小升初怎么划片，学区变了吗",
    "education/fees": "学校强制订购校服，还收资料费，乱收费",
    "education/school-life": "班主任体罚学生，校长不管",
    "education/training": "培训机构关门，退学费没人理",
    "education/culture-sport": "农家书屋常年锁门，健身器材坏了",
    "care/hospital": "卫生院医生误诊，住院花了冤枉钱",
    "care/medical-insurance": "新农合异地就医报销比例是多少",
    "care/disease-birth": "孩子的疫苗接种点在哪里",
    "care/hardship": "家里生活困难，想申请低保和临时救助",
    "care/elders-disabled": "残疾证怎么办，高龄补贴到几岁能领",
    "care/veterans-rites": "退伍军人优待金什么时候发",
    "market/consumer": "健身房关门，会员卡不给退款",
    "market/food-drug": "超市卖过期食品，吃坏肚子",
    "market/price": "菜摊缺斤少两，也不明码标价",
    "market/business": "营业执照办理要几天，个体户怎么开发票",
    "market/finance": "网贷利息太高，天天催收",
    "market/tourism": "景区门票贵，导游强制购物",
    "order/neighbours": "隔壁邻居把排水口对着我家，为这事吵架",
    "order/family": "离婚后他不给抚养费，也不赡养老人",
    "order/crime": "家里被盗窃，附近还有赌博的麻将馆",
    "order/fraud": "接到冒充客服的诈骗电话，刷单被骗三千",
    "order/hazard": "消防通道被占，灭火器全是空的，安全隐患大",
    "order/registration": "孩子上户口要带户口本和身份证吗",
    "order/conduct": "村干部优亲厚友，办事推诿不作为",
    "order/justice": "法院判决书下来了，老赖不还钱，申请强制执行",
}


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return Lexicon(our_tree())


@pytest.mark.parametrize(("path", "sentence"), SENTENCES.items())
def test_a_plain_sentence_gets_its_leaf(lexicon: Lexicon, path: str, sentence: str) -> None:
    assert lexicon.classify("", sentence).category == path


def test_every_leaf_of_our_tree_has_its_sentence() -> None:
    assert {leaf.path for leaf in our_tree().leaves()} == set(SENTENCES)


def test_the_reason_names_the_words_found(lexicon: Lexicon) -> None:
    assert lexicon.classify("", "停水三天").reason.why == "文中出现“停水”，归入“水电气暖讯／供水”。"


def test_without_a_known_word_a_person_is_asked(lexicon: Lexicon) -> None:
    classed = lexicon.classify("你好", "在吗")
    assert (classed.category, classed.confidence) == (UNSORTED, 0.0)
    assert "人工" in classed.reason.why


def test_the_title_weighs_more_than_the_text(lexicon: Lexicon) -> None:
    assert lexicon.classify("停水", "停电").category == "utilities/water"
    assert lexicon.classify("停电", "停水").category == "utilities/power"


def test_traditional_characters_are_read_as_simplified(lexicon: Lexicon) -> None:
    assert lexicon.classify("", "物業費太貴，門禁壞了").category == "housing/property-firm"
