"""What a reporter is told, as tables of both tongues: verbs, reasons that the kernel gives, ends, names of duties.

'' where there is nothing to be told, since what follows says it. No word of the office stands here; a file's own names
and reasons are told as the file has them.
"""

from __future__ import annotations

from collections.abc import Mapping

from minqing.kernel.matters.permits import REPORTER_WORD
from minqing.kernel.methods.model import UNANSWERED
from minqing.kernel.methods.words import ENDS

Said = tuple[str, str]

#: What the reporter did, by its verb.
OWN: Mapping[str, Said] = {
    "note": ("您补充了说明", "you added something"),
    "record": ("您补了照片或文件", "you added photos or files"),
    "remind": ("您催了一次", "you reminded them"),
    "correct": ("您作了更正", "you corrected something"),
    "reopen": ("您要求重新办理", "you asked to have it done again"),
    "refer": ("您要求由村里来办", "you asked the village to take it on"),
    "unmerge": ("您要求单独办理", "you asked to have it handled on its own"),
    "suspend": ("您请求等一等", "you asked to wait"),
    "resume": ("您说可以接着办了", "you said it can go on"),
    "withdraw": ("您撤回了这件事", "you withdrew it"),
    "call_back": ("您答复了办得怎么样", "you said how it was handled"),
    "rate": ("", ""),
}
#: What somebody else did; their unit stands before it. Whoever stops a clock, gives more time, withdraws or merges is
#: named: that is how a clock could be cheated.
THEIRS: Mapping[str, Said] = {
    "accept": ("已经接手", "has taken it on"),
    "refer": ("转给了更合适的单位", "passed it on to a better place"),
    "transfer": ("移交给了主管单位", "handed it to the office that is responsible"),
    "whistle": ("请了有关单位一起来办", "called in others to help"),
    "arrive": ("已经到场", "has come"),
    "answer": ("给出了意见", "gave its opinion"),
    "verify": ("到现场看过了", "looked at the spot"),
    "guide": ("书面告诉了您该走的途径", "told you in writing which way to go"),
    "note": ("记下了办理情况", "noted how it goes"),
    "record": ("收了材料", "put papers on record"),
    "supervise": ("督促加快办理", "pressed for it to be done faster"),
    "remind": ("催了一次", "sent a reminder"),
    "correct": ("作了更正", "corrected something"),
    "hand_over": ("换了经办的人", "gave it to another colleague"),
    "withdraw": ("替您撤回了这件事", "withdrew it for you"),
    "suspend": ("让时限先停下来", "stopped the time limit for now"),
    "resume": ("让时限接着算", "let the time limit run on"),
    "extend": ("延长了时限", "gave more time"),
    "merge": ("把这件事并到另一件里一起办", "joined it to another matter"),
    "unmerge": ("让这件事重新单独办", "let it be handled on its own again"),
    "clear": ("核实后去掉了误列的单位或个人", "took off who was named by mistake"),
}
#: Steps of a desk whose effect is told in a sentence of its own.
SILENT = frozenset(
    {"report", "settle", "call_back", "close", "grade", "assign", "refuse", "rule", "split", "link", "mirror",
     "follow_lead", "fulfil", "waive", "reopen"}
)  # fmt: skip
RESULTS: Mapping[str, Said] = {
    "satisfied": ("回访：您表示满意", "asked afterwards: you are satisfied"),
    "unsatisfied": ("回访：您表示不满意", "asked afterwards: you are not satisfied"),
    "not_reached": ("打过回访电话，没有联系上您", "you were called and not reached"),
    "not_called": ("您谢绝了回访", "you declined to be called"),
}
ENDINGS: Mapping[str, Said] = {
    **ENDS,
    "not_reached": ("没有联系上您", "you were not reached"),
    "not_called": ("没有回访（没有抽中，或者您不愿意）", "you were not called (by sampling or as you wished)"),
    "withdrawn": ("撤回", "withdrawn"),
}
#: What the kernel writes into the journal as a reason, in a resident's words.
REASONS: Mapping[str, Said] = {
    "against": ("原来办理的单位回避", "who had it stands aside"),
    "lead ended": ("一起办的那件事结束了，您的还没有办好", "the matter it was joined to ended unsolved"),
    "lead solved": ("一起办的那件事办好了", "the matter it was joined to is solved"),
    "unmerged": ("不再和别的事合在一起", "no longer joined to another matter"),
    "unsatisfied": ("您不满意", "you are not satisfied"),
    UNANSWERED: ("紧急的事还没有人动手", "nobody has acted on the emergency"),
    "这里没有可以吹哨的部门": ("这里没有可以请来帮忙的部门", "no department here to call in"),
    "承办单位按反映人的意愿撤回": ("记录里写的是您本人要撤回", "it is on record that you wished it"),
    "来件时，来件单位的时限已过": ("转来时，转来单位的时限已经过了", "the sender's own limit was over when it came in"),
    "与另一事项一并办理，编码照样可以查询，办结后单独回访":
        ("您的编码照样能查，办好以后单独给您结果", "your code still opens it and gets a result of its own"),
    "不再并案，单独办理": ("这件事重新单独办", "it is handled on its own again"),
    "另一事项并入，时限以先到的为准":
        ("另一件事并进来一起办，时限以先到的为准", "another matter was joined to it; the earlier limit holds"),
    "反映人催办": ("您在等", "you are waiting"),
    "上级督办，请按时报告": ("上级在催，要按时报告", "pressed from above: they have to report on time"),
    "承办人移交": ("换了经办的人", "another colleague has it"),
    "主案已办结，单独回访":
        ("一起办的那件事办好了，您这件单独给结果", "the matter it was joined to is done; yours gets its own result"),
    "登记了被反映的单位或个人":
        ("您反映的单位或个人已经记下，一律回避", "whom it is against is on record and takes no part"),
    "澄清了被反映的单位或个人":
        ("误列的单位或个人已经去掉，您可以提出异议", "who was named by mistake was taken off; you may object"),
    "地点更正，改由本单位办理": ("地点更正了", "the place was corrected"),
    "承办单位退单，等待裁定":
        ("在办的单位说不归它办，等决定", "who has it says it is not for them; a decision is awaited"),
    "裁定由原单位办理": ("决定还由原来的单位办", "decided: it stays where it was"),
    "裁定改由另一单位办理": ("决定改由另一个单位办", "decided: another unit has it"),
    "裁定改由本单位办理": ("上级这样决定", "so it was decided"),
    "退单逾期未裁定": ("由谁办还没有决定，已经超过时限", "whose it is was not decided in time"),
    "督办逾期未报告": ("该报告的还没有报告", "they have not reported in time"),
    "来件单位的时限用去一半": ("转来单位给的时限过了一半", "half of the sender's own time limit is over"),
    "来件单位的时限将到": ("转来单位给的时限快到了", "the sender's own time limit is almost over"),
    "来件单位的时限已到": ("转来单位给的时限到了", "the sender's own time limit is over"),
}  # fmt: skip
#: Reasons for telling the reporter alone that say what the event before it was told to say.
TOLD_ALREADY = frozenset({"恢复计时", "延长时限", "其中一部分另立一件，单独办理"})
PAUSED = "暂停计时："  # begins such a reason; the name of the pause follows
ANSWER = "answer"  # a duty that is done by giving an opinion: who gave it is told
OUTSIDE = "outside"  # the time that whoever passed it on gave
#: Duties of the kernel; others are called as the file or the letter is.
DUTIES: Mapping[str, Said] = {
    "report-in": ("派人来", "sending somebody"),
    ANSWER: ("给出意见", "giving its opinion"),
    "ruling": ("决定由谁办", "deciding whose it is"),
    "report-back": ("向上级报告", "reporting to the level above"),
    OUTSIDE: ("转来单位的时限", "the sender's own time limit"),
}
#: Papers that the kernel asks for; others are called as the file has them.
RECORDS: Mapping[str, Said] = {
    REPORTER_WORD: ("您本人的话（签字、录音或通话记录）", "your own word (signed, recorded or noted down)"),
}
