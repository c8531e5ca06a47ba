"""One small method made by hand, for the tests that need a method and no file."""

from __future__ import annotations

import pytest

from minqing.kernel.clock.budgets import DUE, Budget, Rung
from minqing.kernel.clock.dates import DatedTime
from minqing.kernel.clock.laws import LegalClock, load_laws
from minqing.kernel.methods.conditions import Condition, compile_condition
from minqing.kernel.methods.model import (
    CALL_BACK,
    ByItself,
    CallBack,
    DutyKind,
    Emergency,
    Extend,
    Field,
    Kind,
    Letter,
    Level,
    Limit,
    Measure,
    Method,
    Move,
    Refusal,
    Reopen,
    Result,
    Role,
    RungThen,
    Stage,
    Suspension,
    Then,
    TriageRule,
    Whistle,
)  # fmt: skip
from minqing.kernel.methods.titles import Title
from minqing.kernel.methods.vocabulary import Capability, Vocabulary

CAUSES = (Title("邻里"), Title("物业"), Title("其他"))
DECLARED = {
    "kind": "string",
    "people": "int",
    "returns": "int",
    "tags": "list",
    "form.cause": "string",
    "has.phone": "bool",
    "text.repeats": "int",
    "open.instalment": "int",
    "done.instalment": "int",
}


@pytest.fixture
def vocabulary() -> Vocabulary:
    text = Capability(
        "text",
        "reads Chinese text",
        facts={"text.repeats": "int"},
        words={
            "text.repeats": "近期同一地点同类来件数（件）",
        },
    )
    return Vocabulary({"text": text}, words={"violence": "暴力", "order": "治安", "order/crowd": "聚集"})


@pytest.fixture
def law() -> LegalClock:
    return load_laws()["petition.close"]


@pytest.fixture
def little(law: LegalClock) -> Method:
    """Grid, village and county, with one of every block."""
    tell = Then(tell=("holder", "above"))
    stages = (
        Stage(
            "grid",
            Title("网格先办"),
            "grid",
            Limit(by_level={"plain": Budget(3, "d"), "red": Budget(24, "h")}),
            (
                RungThen(Rung(percent=50), Then(tell=("holder",))),
                RungThen(DUE, Then(go="above", tell=("grid",), because="网格没有按时办完")),
            ),
            above="village",
            moves={
                "accept": Move("accept", then=Then(go="stay")),
                "settle": Move(
                    "settle", needs=("cause",), when=_when("!(form.cause == '其他')"), then=Then(go=CALL_BACK)
                ),
                "refer": Move("refer", by=("grid", "village"), then=Then(go="village", add=("answer",))),
            },
            by_itself=(ByItself(_when("open.instalment == 0 && done.instalment > 0"), Then(go="village")),),
        ),
        Stage(
            "village",
            Title("村（社区）办理"),
            "village",
            Limit(Budget(60, "d"), law=law),
            (
                RungThen(Rung(percent=80), tell),
                RungThen(DUE, Then(letter=("supervision",))),
                RungThen(Rung(late=Budget(2, "wd")), Then(go="above")),
            ),
            above="county",
            longer_because="要开会商量",
            extend=Extend(("county",), Budget(10, "d")),
            in_batches=True,
            enter=Then(add=("answer",)),
            moves={"settle": Move("settle", needs=("minutes",), then=Then(go=CALL_BACK, outcome="调解成功"))},
        ),
        Stage(
            "county",
            Title("县级统筹"),
            "county",
            Limit(DatedTime("before", Budget(7, "d"), "form.day")),
            (RungThen(DUE, Then(tell=("county",))),),
            longer_because="要几个部门一起办",
            moves={
                "settle": Move("settle", then=Then(go=CALL_BACK)),
                "guide": Move("guide", needs=("minutes",), then=Then(go="guided")),
            },
        ),
        Stage(
            CALL_BACK,
            Title("回访"),
            "town",
            Limit(Budget(7, "d")),
            (RungThen(DUE, tell),),
            moves={
                "call_back": Move(
                    "call_back",
                    by=("town", "volunteer"),
                    results={
                        "satisfied": Result("satisfied", Then(go="closed")),
                        "unsatisfied": Result("unsatisfied", Then(go="back")),
                        "not_reached": Result("not_reached", Then(go="unreached")),
                        "not_called": Result("not_called", Then(go="uncalled")),
                    },
                )
            },
        ),
        Stage("closed", Title("办结"), end="satisfied"),
        Stage("answered", Title("已答复"), end="answered"),
        Stage("unreached", Title("办结（没有联系上）"), end="not_reached"),
        Stage("uncalled", Title("办结（不回访）"), end="not_called"),
        Stage("guided", Title("引导到法院"), end="guided", no_call_back="已书面告知到哪里去办"),
        Stage("withdrawn", Title("撤回"), end="withdrawn"),
    )
    return Method(
        slug="little", version="v1", title=Title("小镇办法", "Little town"), place="330727", source="S00",
        uses=("text",),
        kinds={"dispute": Kind("dispute", Title("纠纷"), ("order/crowd",)), "plea": Kind("plea", Title("诉求"))},
        form={"cause": Field("cause", Title("起因"), "choice", CAUSES, required=True),
              "day": Field("day", Title("举办日"), "date", required_for=("plea",)),
              "loss": Field("loss", Title("损失金额（元）"), "money"),
              "phone": Field("phone", Title("联系电话"), "phone", personal="回访", ground="本人同意",
                             keep=Budget(2, "y"))},
        records={"minutes": Title("议事记录")},
        roles={"squad": Role("squad", Title("处置队"), "town", "by unit rapid-squad")},
        levels={"plain": Level("plain", Title("一般")),
                "red": Level("red", Title("紧急"), _when("people >= 10 || returns > 1 || text.repeats >= 3"),
                             "村级预案", Then(tell=("town",)))},
        emergencies=(Emergency("violence", Title("有人动手"), "county", ("village", "county"), ("打人", "动刀"),
                               ("violence",), "人身安全第一"),),
        triage=(TriageRule(Then(go="village", level="plain"), _when("form.cause in ['邻里', '物业'] && !has.phone")),
                TriageRule(Then(go="grid", level="plain", because="先由网格办"))),
        stages={stage.slug: stage for stage in stages},
        anywhere={"withdraw": Move("withdraw", by=("reporter",), then=Then(go="withdrawn", drop=("all",)))},
        duties={"answer": DutyKind("answer", Title("向网格反馈"), "village", Limit(Budget(2, "wd")), owed_to="grid",
                                   rungs=(RungThen(DUE, tell),)),
                "instalment": DutyKind("instalment", Title("分期付款"), "parties", every=Budget(1, "mo"), until="stage",
                                       optional=True, outlives=True, rungs=(RungThen(DUE, tell),))},
        call_back=CallBack(("town", "volunteer"), Limit(Budget(7, "d")), "closed", unreached="unreached",
                           answered="answered", not_called="uncalled", rungs=(RungThen(DUE, tell),)),
        reopen=Reopen(Budget(30, "d"), ("reporter", "county")),
        whistle=Whistle(("village", "county"), ("department",), Limit(Budget(24, "h")), Limit(Budget(5, "wd")), "both",
                        Then(tell=("department", "county"), letter=("supervision",))),
        refusal=Refusal("county", Limit(Budget(1, "wd"))),
        pauses={"expert": Suspension("expert", Title("等鉴定"), ("county",), Budget(30, "d"), ("minutes",))},
        letters={"supervision": Letter("supervision", Title("督办单"), "supervision", ("owing",),
                                       reply=Limit(Budget(3, "wd")), rungs=(RungThen(DUE, tell),))},
        measures=(Measure("on_time", "96%"), Measure("satisfied")),
    )  # fmt: skip


def _when(text: str) -> Condition:
    return compile_condition(text, DECLARED)
