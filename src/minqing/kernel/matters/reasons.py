"""Reasons that the kernel itself writes into the journal, in both tongues; a file's own stand in its words.

The journal keeps a word or a Chinese sentence. Who reads English gets what stands here, or what the method says.
"""

from __future__ import annotations

from collections.abc import Mapping

from minqing.kernel.methods.model import UNANSWERED

#: Words.
BECAUSE: Mapping[str, tuple[str, str]] = {
    "against": ("原承办单位回避", "who had it stands aside"),
    "emergency": ("发现紧急情况", "danger was told"),
    "lead ended": ("主案已结束，没有一并办好", "the matter it was joined to ended unsolved"),
    "lead solved": ("主案已办好", "the matter it was joined to is solved"),
    "reopened": ("重新办理", "reopened"),
    "unmerged": ("撤销并案", "taken out again"),
    "unsatisfied": ("反映人不满意", "the reporter is not satisfied"),
}
#: Sentences.
_ENGLISH: Mapping[str, str] = {
    UNANSWERED: "nobody has acted on the emergency",
    "这里没有可以吹哨的部门": "no department here to whistle for",
    "承办单位按反映人的意愿撤回": "the holder withdrew it as the reporter wished",
    "来件时，来件单位的时限已过": "the sender's own time limit was over when it came in",
    "与另一事项一并办理，编码照样可以查询，办结后单独回访":
        "handled with another matter; the code still opens it, and it is asked about on its own",
    "不再并案，单独办理": "no longer joined, handled on its own",
    "另一事项并入，时限以先到的为准": "another matter was joined to it; the earlier due time holds",
    "其中一部分另立一件，单独办理": "a part became a matter of its own",
    "反映人催办": "the reporter asks to hurry",
    "上级督办，请按时报告": "supervised from above: report on time",
    "承办人移交": "handed over",
    "登记了被反映的单位或个人": "whom it is against was put on record",
    "澄清了被反映的单位或个人": "whom it is against was cleared",
    "地点更正，改由另一单位办理": "the place was corrected: another unit has it",
    "地点更正，改由那里的单位办理": "the place was corrected: the unit there has it",
    "地点更正，改由本单位办理": "the place was corrected: this unit has it now",
    "延长时限": "given more time",
    "承办单位退单，等待裁定": "the holder says it is not theirs; a ruling is awaited",
    "裁定由原单位办理": "ruled: it stays where it was",
    "裁定改由另一单位办理": "ruled: another unit has it",
    "裁定改由本单位办理": "ruled: this unit has it now",
    "主案已办结，单独回访": "the matter it was joined to is done: it is asked about on its own",
    "恢复计时": "the clock runs again",
    "退单逾期未裁定": "no ruling in time",
    "督办逾期未报告": "no report in time",
    "来件单位的时限用去一半": "half of the sender's own time limit is used up",
    "来件单位的时限将到": "the sender's own time limit is almost over",
    "来件单位的时限已到": "the sender's own time limit is over",
}  # fmt: skip
#: Sentences that end in a name.
_NAMING: Mapping[str, str] = {
    "暂停计时：": "clock stopped: {}",
    "这里没有单位可以承担": "no unit here can take on “{}”",
}


def in_english(words: str, of_file: Mapping[str, str]) -> str:
    """A sentence of the journal; `of_file`: what the method says in Chinese, and its English."""
    for begin, said in _NAMING.items():
        if words.startswith(begin):
            name = words.removeprefix(begin).strip("“”")
            return said.format(of_file.get(name, name))
    return _ENGLISH.get(words) or of_file.get(words, words)
