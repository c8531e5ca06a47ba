"""The sentences of all notices, in one table that a clerk can read, and how their gaps are filled. Pure.

{code} {by} {back} {unit} {letter} {until} {secret} {follow} are the only gaps: nothing of the concern
has a gap to stand in. A matter of sensitivity 1 or 2 is told of in NEUTRAL words: others may read that phone.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal

Lang = Literal["zh", "en"]
Both = tuple[str, str]

#: What a reporter reads. {follow} is the sentence FOLLOW or CALL.
RESIDENT: Mapping[str, Both] = {
    "receipt": (
        "您好，您反映的事情我们收到了，编号 {code}。现在由{unit}办理{by}。{secret}{follow}",
        "Hello. We have received your concern; its code is {code}. {unit} is dealing with it{by}. {secret}{follow}",
    ),
    "settled": (
        "您好，您反映的事情（编号 {code}）已经办过了。接下来会有人打电话问您是否满意{by}，"
        "不满意请直说，我们再办。{follow}",
        "Hello. Work on your concern {code} is done. Somebody will call and ask whether you are satisfied{by}. "
        "If not, say so and we go on. {follow}",
    ),
    "not-reached": (
        "您好，您反映的事情（编号 {code}）我们给您打电话回访，没有联系上。我们会换个时间再打{back}。{follow}",
        "Hello. We called you about your concern {code} and did not reach you. We will call again at another "
        "hour{back}. {follow}",
    ),
    "reopened": (
        "您好，您反映的事情（编号 {code}）已经重新办理，由{unit}负责{by}。{follow}",
        "Hello. Your concern {code} is open again. {unit} is dealing with it{by}. {follow}",
    ),
    "revived": (
        "您好，您反映的事情（编号 {code}）不再与别的事情并在一起，单独由{unit}继续办理{by}。{follow}",
        "Hello. Your concern {code} is no longer joined with another; {unit} goes on with it{by}. {follow}",
    ),
    "suspended": (
        "您好，您反映的事情（编号 {code}）暂停计算办理时限，原因可以查询。您不同意，可以告诉我们。{follow}",
        "Hello. The time limit of your concern {code} stands still for now. You can look up the reason, and tell us if "
        "you disagree. {follow}",
    ),
    "resumed": (
        "您好，您反映的事情（编号 {code}）恢复办理，由{unit}负责{by}。{follow}",
        "Hello. Work on your concern {code} goes on. {unit} is dealing with it{by}. {follow}",
    ),
    "extended": (
        "您好，您反映的事情（编号 {code}）延长了办理时限{by}，原因可以查询。您不同意，可以告诉我们。{follow}",
        "Hello. Your concern {code} has been given more time{by}. You can look up the reason, and tell us if you "
        "disagree. {follow}",
    ),
    "refused": (
        "您好，{unit}提出您反映的事情（编号 {code}）不归它办，上级正在裁定由谁办。"
        "时限照常计算，您不用再跑一趟。{follow}",
        "Hello. {unit} says that your concern {code} is not its task; the level above is deciding whose it is. The "
        "clock runs on and you need do nothing. {follow}",
    ),
    "ruled": (
        "您好，上级已经定了：您反映的事情（编号 {code}）由{unit}办理{by}。{follow}",
        "Hello. The level above has decided: {unit} deals with your concern {code}{by}. {follow}",
    ),
    "letter": (
        "您好，关于您反映的事情（编号 {code}），有一份《{letter}》给您，请查看或到办理单位领取。{follow}",
        "Hello. There is a letter for you about your concern {code}: {letter}. Read it there or fetch it. {follow}",
    ),
    "cleared": (
        "您好，您反映的事情（编号 {code}）经核实，原来登记的被反映单位或个人有的不再列入，理由可以查询。"
        "您不同意，可以告诉我们。{follow}",
        "Hello. It was looked into whom your concern {code} is against, and somebody named is no longer on that list. "
        "You can look up the reason, and tell us if you disagree. {follow}",
    ),
    "progress": (
        "您好，您反映的事情（编号 {code}）有了新进展，现在由{unit}负责{by}。{follow}",
        "Hello. There is news of your concern {code}. {unit} is dealing with it{by}. {follow}",
    ),
}

#: How a matter ended, one sentence an end; what can still be done is in each where something can.
CLOSED: Mapping[str, Both] = {
    "satisfied": (
        "您好，您反映的事情（编号 {code}）已经办结，谢谢您。{until}{follow}",
        "Hello. Your concern {code} is closed. Thank you. {until}{follow}",
    ),
    "answered": (
        "您好，您反映的事情（编号 {code}）已经书面答复。我们知道您并不满意：答复里写明了理由，"
        "也写明了还可以走哪些途径。{until}{follow}",
        "Hello. Your concern {code} has been answered in writing. We know you are not satisfied: the answer gives the "
        "reasons and the ways still open to you. {until}{follow}",
    ),
    "not_reached": (
        "您好，您反映的事情（编号 {code}）已经办过，我们几次打电话都没有联系上您，先办结了。{until}{follow}",
        "Hello. Your concern {code} was dealt with. We called several times, did not reach you, and closed it. "
        "{until}{follow}",
    ),
    "not_called": (
        "您好，您反映的事情（编号 {code}）已经办结，没有再打电话打扰您。{until}{follow}",
        "Hello. Your concern {code} is closed; you were not called. {until}{follow}",
    ),
    "verified": (
        "您好，您反映的事情（编号 {code}）已经办结，另有人到现场看过。{until}{follow}",
        "Hello. Your concern {code} is closed; somebody else went to see. {until}{follow}",
    ),
    "guided": (
        "您好，您反映的事情（编号 {code}）要走法定途径解决。到哪里去、依据哪一条，已经写成告知书给您。"
        "那边没有受理，请告诉我们。{follow}",
        "Hello. Your concern {code} belongs to a procedure of law. Where to go and by which article stands in the "
        "letter to you. If it is not taken up there, tell us. {follow}",
    ),
    "withdrawn": (
        "您好，按您的意思，编号 {code} 的事情已经撤回。这不是您的意思，请马上告诉我们；"
        "以后想再办，随时可以再来。{follow}",
        "Hello. As you asked, concern {code} is withdrawn. If you did not ask, tell us at once. "
        "You can come back any time. {follow}",
    ),
    "merged": (
        "您好，您反映的事情（编号 {code}）与同一件事并在一起办，您的编号照样能查询，也会单独答复您。{follow}",
        "Hello. Your concern {code} is dealt with together with another of the same kind. Your code stays good and you "
        "get your own answer. {follow}",
    ),
}

#: For matters that others must not read of: no office, no stage, no word of a concern; the same for every kind.
NEUTRAL: Both = (
    "您好，您登记的服务（编号 {code}）有新消息。方便的时候{call}。",
    "Hello. There is news of the service you asked for (number {code}). {call} when it suits you.",
)

_FOLLOW: Both = (
    "凭编号和查询码可以{site}查看；也可以拨打 {phone}。",
    "Follow it with your code and secret {site}, or call {phone}.",
)
_SECRET: Both = (
    "查询码 {secret}，只给您本人，请不要告诉别人。",
    "Your secret is {secret}. It is for you alone: tell nobody. ",
)

#: What a unit reads: on its page, and in a message to its own address.
STAFF: Mapping[str, Both] = {
    "to-handle": ("{code} 转到你单位办理{by}", "{code} is yours to deal with{by}"),
    "to-rule": (
        "{code} 承办单位提出不归它办，请你单位裁定{by}",
        "{code}: its holder says it is not theirs, please rule{by}",
    ),
    "told": ("{code} 告知你单位，请查看{by}", "{code}: you are told of it, please look{by}"),
    "urgent": ("紧急：{code} 请马上处置{by}", "URGENT: {code}, act at once{by}"),
    "letter-in": (
        "{code} 有一份《{letter}》给你单位，请查收并按期回复",
        "{code}: a letter for you ({letter}); answer in time",
    ),
    "reminder": ("{code} 时限快到了，请抓紧办理{by}", "{code}: its time runs out, please see to it{by}"),
    "raised": ("{code} 超期未办，已转上级", "{code} was late and went to the level above"),
    "late": ("{code} 已经超期，请尽快办理{by}", "{code} is late, please see to it{by}"),
    "not-told": (
        "{code} 的进展没能发给反映人，请打电话或书面告知",
        "{code}: the reporter could not be told: please call or write",
    ),
}
ADMINISTRATOR: Mapping[str, Both] = {
    "given-up": (
        "{way}通道今天有通知多次发送失败，已停止重试：请检查 notices.yaml 和网关",
        "{way}: notices failed several times today and were given up: look at notices.yaml and the gateway",
    ),
    "silent": (
        "{way}网关连续没有应答，通知正在排队，一分钟后再试：请检查网关和网络",
        "{way}: the gateway does not answer; notices wait and are tried again each minute: look at it",
    ),
    "no-way": (
        "有通知要走{way}，但没有配置这个通道：请在 notices.yaml 里写上",
        "notices wait for {way}, which is not set up: write it in notices.yaml",
    ),
    "unheld": (
        "{code} 自{since}起，本县没有可以承办的单位（都须回避）：请书面报送上级机关办理",
        "{code}: since {since} no unit of this county may hold it (all are complained of): send it to the level above",
    ),
}
WAY_TITLES: Mapping[str, Both] = {
    "sms": ("短信", "SMS"),
    "email": ("电子邮件", "e-mail"),
    "wechat": ("微信", "WeChat"),
}
_DIGEST: Both = ("{from}：你单位有 {count} 条提醒", "{from}: {count} notices for you")


def pick(both: Both, lang: Lang) -> str:
    """The sentence in that tongue."""
    return both[1] if lang == "en" else both[0]


def spoken(moment: datetime, now: datetime, lang: Lang = "zh") -> str:
    """A moment as one says it; midnight belongs to the day before, the year is said only when it is another."""
    whole = (moment.hour, moment.minute) == (0, 0)
    day = moment - timedelta(days=1) if whole else moment
    if lang == "en":
        return f"{day:%Y-%m-%d}" if whole else f"{day:%Y-%m-%d %H:%M}"
    year = f"{day.year}年" if day.year != now.year else ""
    hour = "" if whole else f"{moment.hour}点" + (f"{moment.minute}分" if moment.minute else "")
    return f"{year}{day.month}月{day.day}日{hour}"


def by_when(due: datetime | None, now: datetime, lang: Lang) -> str:
    """',by when' of a sentence; nothing where no moment is known or it has passed."""
    if due is None or due <= now:
        return ""
    return pick(("，最迟{when}", ", by {when}"), lang).format(when=spoken(due, now, lang))


def until_when(until: datetime | None, now: datetime, lang: Lang) -> str:
    """Until when a closed matter is opened again on a word."""
    if until is None or until <= now:
        return ""
    said = ("没办好，{when}前说一声就重新办。", "If it is not in order, say so by {when} and it is opened again. ")
    return pick(said, lang).format(when=spoken(until, now, lang))


def fill_resident(kind: str, end: str, sensitive: bool, gaps: Mapping[str, str], lang: Lang) -> str:
    """The message of a reporter. `gaps`: code, unit, by, back, letter, until, secret, site, phone, from."""
    if sensitive:
        call = pick(("请拨打 {phone}", "Please call {phone}") if gaps["phone"] else ("请查看", "Please look"), lang)
        return pick(NEUTRAL, lang).format(code=gaps["code"], call=call.format(phone=gaps["phone"]))
    both = CLOSED[end] if kind == "closed" else RESIDENT[kind]
    secret = pick(_SECRET, lang).format(secret=gaps["secret"]) if gaps["secret"] else ""
    known = {**gaps, "secret": secret, "follow": _follow(gaps, lang)}
    return f"{gaps['from']}：" * (lang == "zh" and bool(gaps["from"])) + pick(both, lang).format_map(known).strip()


def _follow(gaps: Mapping[str, str], lang: Lang) -> str:
    if gaps["site"] and gaps["phone"]:
        site = pick((f"在 {gaps['site']} ", f"at {gaps['site']}"), lang)
        return pick(_FOLLOW, lang).format(site=site, phone=gaps["phone"])
    if gaps["site"]:
        return pick(
            (f"凭编号和查询码可以在 {gaps['site']} 查看。", f"Follow it with code and secret at {gaps['site']}."), lang
        )
    if gaps["phone"]:
        return pick(
            (f"想了解进展请拨打 {gaps['phone']}，报编号即可。", f"To ask, call {gaps['phone']} and say the code."), lang
        )
    return ""


def fill_staff(kind: str, gaps: Mapping[str, str], lang: Lang) -> str:
    """One line of a unit's page or message. `gaps`: code, by, letter."""
    return pick(STAFF[kind], lang).format_map(gaps)


def digest(lines: list[str], sender: str, lang: Lang) -> str:
    """Several lines to one unit as one message."""
    if len(lines) == 1:
        return f"{sender}：{lines[0]}" if sender else lines[0]
    head = pick(_DIGEST, lang).format_map({"from": sender, "count": len(lines)})
    return "\n".join([head.lstrip("："), *lines])
