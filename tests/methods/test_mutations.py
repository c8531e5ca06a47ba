"""A good method file with one thing gone wrong is refused, and the line is named."""

# ruff: noqa: E501  (a table of lines of the files, as they stand there)
from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from minqing.base.definitions import DefinitionErrors
from minqing.kernel.methods.loader import load_method
from minqing.kernel.methods.vocabulary import Vocabulary

FOLDER = Path(__file__).parents[2] / "methods"
PANAN, WUSHAN, SHENGZHOU = "panan-three-feelings", "wushan-three-rests", "shengzhou-people-diary"
LOST = """  lost:
    is: 没有人送来的一站
    holder: county
    limit: 3d
    overdue: {tell: county}
    moves:
      settle: {go: call-back, needs: result}
"""


@dataclass(frozen=True)
class Mutation:
    """`before` is replaced by `after`, once; the complaint stands at the line of `at` and says `says`."""

    what: str
    method: str
    before: str
    after: str
    at: str
    says: str


TABLE = (
    Mutation("a limit dropped", WUSHAN, "    limit: 24h\n", "", "  village:", "has no limit"),
    Mutation("a limit dropped", PANAN, "    limit: 7d                                  # 县定\n", "", "  own:",
             "has no limit"),
    Mutation("a limit dropped", SHENGZHOU, "    limit: 1d                                  # 县定\n", "", "  at-once:",
             "has no limit"),
    *(Mutation("a stage orphaned", name, "stages:\n", f"stages:\n{LOST}", "  lost:", "is never reached")
      for name in (PANAN, WUSHAN, SHENGZHOU)),
    Mutation("a cycle", WUSHAN, "overdue: {go: town, tell: [grid, town],", "overdue: {go: grid,",
             "    overdue: {go: grid,", "round for ever: grid -> village -> grid"),
    Mutation("a cycle", PANAN, "overdue: {tell: [county, town], letter: supervision}", "overdue: {go: village}",
             "    overdue: {go: village}", "round for ever"),
    Mutation("a cycle", SHENGZHOU, "overdue: {tell: county, letter: supervision}", "overdue: {go: at-once}",
             "    overdue: {go: at-once}", "round for ever"),
    Mutation("a cycle in a ladder", PANAN, "    due: {go: above,", "    due: {go: own,", "    due: {go: own,",
             "round for ever: own -> village -> own"),
    Mutation("a limit above the law", WUSHAN, "limit: {calm: 30d", "limit: {calm: 90d", "limit: {calm: 90d", "longer than the 60d"),
    Mutation("a limit above the law", PANAN, "yellow: 30d", "yellow: 90d", "yellow: 90d", "longer than the 60d"),
    Mutation("a limit above the law", SHENGZHOU, "usual: 30d", "usual: 90d", "usual: 90d", "longer than the 60d"),
    Mutation("a limit above the law where none is named", WUSHAN, "    limit: 3d\n", "    limit: 61d\n", "    limit: 61d",
             "longer than the 60d"),
    *(Mutation("a misspelt key", name, "    holder: town", "    holdr: town", "    holdr: town", 'Did you mean "holder"?')
      for name in (PANAN, WUSHAN, SHENGZHOU)),
    Mutation("an emergency sent to self-help", PANAN, "    go: town\n    call", "    go: own\n    call", "    go: own",
             "which is self-help"),
    Mutation("an emergency sent to self-help", WUSHAN, "    is: {zh: 镇（街道）办理, en: with the town or street}\n", "    is: 自行协商\n    self_help: yes\n",
             "    go: town", "which is self-help"),
    Mutation("an emergency sent to self-help", SHENGZHOU, "    is: {zh: 民生难事联办, en: handled jointly}\n", "    is: 自行协商\n    self_help: yes\n",
             "    go: jointly", "which is self-help"),
    Mutation("an emergency sent to the grid", WUSHAN, "    go: town\n    call", "    go: grid\n    call", "    go: grid",
             "an emergency goes to a stage of the town or the county"),
    Mutation("an emergency ended at once", SHENGZHOU, "    go: jointly\n    call", "    go: guided\n    call",
             "    go: guided", "which is an end"),
    Mutation("an emergency sent to be asked about", WUSHAN, "    go: town\n    call", "    go: call-back\n    call",
             "    go: call-back", "which is the call-back"),
    Mutation("an emergency sent down by the triage's word", PANAN, "    go: town\n    call", "    go: stay\n    call",
             "    go: stay", 'no stage is called "stay"'),
    Mutation("the block emergencies dropped", PANAN, "emergencies:", "emergencie:", "emergencie:",
             'Did you mean "emergencies"?'),
    Mutation("a call-back dropped", WUSHAN, "call_back:  ", "callback:  ", "callback:", 'Did you mean "call_back"?'),
    Mutation("a call-back never overdue", PANAN, "  overdue: {tell: [town, county]}\n", "", "call_back:", "add overdue"),
    Mutation("one person's word", PANAN, "settle: {go: call-back, needs: result}\n      refer: {by: [reporter",
             "settle: {go: closed, needs: result}\n      refer: {by: [reporter", "      settle: {go: closed",
             "one person's word does not close a matter"),
    Mutation("withdrawn by somebody else", SHENGZHOU, "withdraw: {by: reporter", "withdraw: {by: holder",
             "  withdraw: {by: holder", "only the move withdraw by: reporter"),
)  # fmt: skip


@pytest.mark.parametrize("one", TABLE, ids=lambda one: f"{one.method}: {one.what}")
def test_a_mutated_method_is_refused_and_the_line_named(one: Mutation, vocabulary: Vocabulary) -> None:
    good = (FOLDER / f"{one.method}.yaml").read_text(encoding="utf-8")
    assert one.before in good, "the mutation no longer fits the file"
    text = good.replace(one.before, one.after, 1)
    with pytest.raises(DefinitionErrors) as refused:
        load_method(text, vocabulary, one.method)
    lines = text.splitlines()
    at = [complaint for complaint in refused.value.complaints if one.says in complaint.text]
    assert at, str(refused.value)
    assert one.at in lines[at[0].line - 1], f"line {at[0].line} was named: {lines[at[0].line - 1]}"
