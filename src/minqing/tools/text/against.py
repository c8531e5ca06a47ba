"""Whom a text complains of: bodies named in the same clause as a reproach. Asking a body for help is not a complaint
("请派出所处理"). The body that a clause begins with is also meant by the next one when that names nobody ("镇政府征地，
补偿款一直不给"). Leans to finding one: a matter must never go to the one it is against, and a person can strike it out.
Each is written kind:word ('bureau:教育局').
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from minqing.tools.text.segment import fold

_FIELDS = (
    "教育|公安|民政|人社|人力资源和社会保障|社保|劳动|卫生健康|卫健|卫生|市场监管|市场监督管理|工商|质监|税务|国税|地税|城管|综合执法|"
    "行政执法|自然资源|国土|国土资源|规划|住建|住房和城乡建设|房产|房管|交通|交通运输|公路|交警|环保|生态环境|农业农村|农业|水利|水务|林业|"
    "信访|文旅|旅游|文化|体育|供电|电力|财政|司法|审计|统计|应急管理|安监|医保|退役军人|商务|邮政|烟草|园林|市政|粮食|扶贫|执行"
)
_KINDS = (
    ("village-committee", r"村委会|村民委员会|村两委|村委|村支部|党支部|村小组|村里的?干部"),
    ("community", r"居委会|社区居委会|社区工作站|社区干部|社区工作人员|社区"),
    ("township", r"(?:乡|镇)(?:人民)?政府|街道办事处|街道办|镇干部|乡干部|街道干部|镇长|乡长|镇书记|镇党委书记"),
    ("cadre", r"村支书|村书记|村主任|村长|村干部|组长|村会计|支部书记|妇女主任"),
    ("grid-worker", r"网格员|网格长"),
    ("police", r"派出所|公安局|公安分局|公安|交警队|交警大队|交警|民警|警察|刑警队|辅警"),
    ("bureau", rf"(?:{_FIELDS})局|城管队员|城管|综合执法大队|执法队|执法人员|残联|管委会|拆迁办|信访办|车管所"),
    ("court", r"法院|法官|检察院|执行庭"),
    ("school", r"学校|校长|老师|教师|班主任|幼儿园|中学|小学|培训机构|教育机构"),
    ("hospital", r"医院|卫生院|卫生室|医生|护士|诊所|村医"),
    ("property-firm", r"物业公司|物业管理处|物业管理|物管|物业|小区保安|保安"),
    ("owners-committee", r"业委会|业主委员会"),
    ("developer", r"开发商|房地产公司|售楼部|房开"),
    ("utility", r"供电所|供电公司|自来水公司|水务公司|燃气公司|热力公司|供水公司|电信公司|移动公司|联通公司|公交公司"),
    ("employer", r"用人单位|包工头|施工单位|施工方|劳务公司|老板|我们公司|单位领导|厂方|工厂|公司"),
    ("trader", r"商家|店家|健身房|中介|驾校|饭店|超市|银行|保险公司|旅行社|快递公司|ktv|网吧|养猪场|采石场|养殖场"),
)
_BODY = re.compile("|".join(f"(?P<{kind.replace('-', '_')}>{words})" for kind, words in _KINDS))
_CLAUSE = re.compile(r"[^，。；！？!?;,\n]+")
_REPROACH = re.compile(
    r"不作为|乱作为|不管|不理|不处理|不解决|不给|不发|不退|不还|不赔|不办|不立案|不出警|不接|不公开|不公平|不公|不负责|不修|不承认|不履行|不答复|"
    r"不回复|不执行|不制止|不闻不问|不予|不让|不肯|拒绝|拒不|拒接|推诿|推脱|推卸|推来推去|踢皮球|敷衍|拖延|一拖再拖|拖着|拖欠|态度恶劣|态度差|"
    r"态度很差|态度极差|服务差|贪污|腐败|受贿|挪用|侵占|私吞|截留|克扣|冒领|包庇|纵容|袒护|偏袒|勾结|优亲厚友|以权谋私|滥用职权|玩忽职守|失职|渎职|"
    r"弄虚作假|造假|欺骗|欺压|欺负|骗|威胁|恐吓|打人|殴打|体罚|打骂|辱骂|骂人|强拆|强行|强制|强占|霸占|违规|违法|非法|擅自|私自|乱收费|"
    r"乱罚款|收费过高|吃拿卡要|刁难|暗箱操作|黑心|霸道|霸王|偷工减料|偷排|不达标|没人管|无人管|无作为|形同虚设|视而不见|置之不理|不了了之|"
    r"误诊|被.{0,4}打|开除|辞退|逼|坑|跑路|失联|扣押|克扣|多收|乱扣|随意|涨价|收取"
)
_ACCUSED = re.compile(r"(?:投诉|举报|控告|状告|检举|揭发|起诉|告发)[^，。；！？]{0,12}$")
_ASKED = re.compile(r"(?:请求|请|望|希望|恳请|恳求|要求|建议|盼|盼望|期待|麻烦|呼吁|求)[^，。；！？]{0,10}$")
_TOLD = re.compile(r"(?:向|跟|给|找|到|去|往|在|拨打|联系)[^，。；！？的]{0,8}$")
_BESIDE = re.compile(r"^(?:的|门口|门前|门外|旁|对面|附近|后面|前面|隔壁|周边|宿舍|家属)")
_SOMEBODY = re.compile(
    r"^(?:但|可|而|还|又|后来|结果|现在)?(?:邻居|隔壁|楼上|楼下|对方|对面|他|她|有人|别人|我|大家|业主|车主|住户|骗子)"
)
_TELLING = re.compile(r"^[^，。；！？]{0,6}(?:投诉|举报|反映|报案|报警|求助|咨询|起诉|申请|反应)")

_BEFORE_SUBJECT = 4  # "我们县水利局"


def find_against(title: str, text: str) -> tuple[str, ...]:
    """kind:word of every body complained of, in the order of first mention."""
    found: dict[str, None] = {}
    whole, subject = fold(f"{title}\n{text}"), None
    for clause in _CLAUSE.finditer(whole):
        said = clause.group()
        if whole[clause.start() - 1 : clause.start()] not in ("，", ","):
            subject = None
        if subject and _BODY.search(said) is None and _REPROACH.search(said) and not _SOMEBODY.match(said):
            found.setdefault(subject)
        for body in _complained_of(said):
            found.setdefault(body)
        subject = _begins_with(said)
    return tuple(found)


def _begins_with(clause: str) -> str | None:
    """The body that acts in a clause: it stands at its beginning, and not for a place ("学校门口")."""
    body = _BODY.search(clause)
    if body is None or body.start() > _BEFORE_SUBJECT:
        return None
    before, after = clause[: body.start()], clause[body.end() :]
    if _ASKED.search(before) or _TOLD.search(before) or _BESIDE.match(after) or not after:
        return None
    return _written(body)


def _complained_of(clause: str) -> Iterator[str]:
    reproached = _REPROACH.search(clause)
    for body in _BODY.finditer(clause):
        before, after = clause[: body.start()], clause[body.end() :]
        told = _TOLD.search(before) and _TELLING.search(after)
        reproach_stands = reproached and not (_ASKED.search(before) and not _REPROACH.search(before))
        if not told and (_ACCUSED.search(before) or reproach_stands):
            yield _written(body)


def _written(body: re.Match[str]) -> str:
    return f"{str(body.lastgroup).replace('_', '-')}:{body.group()}"
