"""The keys of a method file: block by block, with type, meaning and default. The one table of them.

Loader, reference (docs/method-format.md), editors' schema and reading aloud all go by it. A type ending in `+` may
be one or a list; `then` marks that a block also takes every key of a consequence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Key:
    """One key: the type of its value, what it means, its default; `choices` where the words are a closed list."""

    type: str
    doc: str
    required: bool = False
    default: str = ""
    choices: tuple[str, ...] = ()


Shape = Mapping[str, Key]

TOP: Shape = {
    "method": Key("slug", "the name of the method, the same as the file's", required=True),
    "title": Key("title", "its name in both tongues", required=True),
    "place": Key("text", "division code of the county it serves, in quotes", required=True),
    "source": Key("text", "where the way of working comes from: a row of the sources, a document", required=True),
    "uses": Key("capability+", "the capabilities it draws on", default="none"),
    "kinds": Key("kind by slug", "the kinds of matters it takes", required=True),
    "roles": Key("role by slug", "roles besides the built-in ones"),
    "form": Key("field by slug", "what is asked about a matter", required=True),
    "records": Key("said by slug", "documents and statements that `needs` may ask for", required=True),
    "levels": Key("level by slug", "colours or warnings, from mild to grave"),
    "emergencies": Key("emergency by slug", "what comes before all triage", required=True),
    "triage": Key("triage rule+", "where a new matter goes: first match wins, the last is otherwise", required=True),
    "stages": Key("stage by slug", "where a matter waits, and how it can end", required=True),
    "anywhere": Key("move by verb", "moves that are open in every waiting stage"),
    "duties": Key("duty by slug", "duties that consequences may add"),
    "ladders": Key("ladder by slug", "rungs shared by stages and duties"),
    "call_back": Key("call_back", "asking the reporter; makes the stage call-back"),
    "reopen": Key("reopen", "how long, for whom and where to a closed matter comes back"),
    "whistle": Key("whistle", "joint handling: who may call whom"),
    "refusal": Key("refusal", "'not ours' and its ruling; without it the first receiver keeps the matter"),
    "pauses": Key("pause by slug", "the listed reasons that stop a clock"),
    "letters": Key("letter by slug", "letters that consequences may send"),
    "measures": Key("measure+", "the figures that are published", required=True),
}

TITLE: Shape = {
    "zh": Key("text", "in Chinese", required=True),
    "en": Key("text", "in English", required=True),
}

THEN: Shape = {
    "go": Key("target", "a stage, or stay, back, above"),
    "level": Key("level", "sets the level"),
    "drop": Key("duty+ | all", "ends duties; all: helpers too"),
    "tell": Key("role+", "whom to tell, addressed before the move"),
    "letter": Key("letter+", "letters to send, addressed before the move"),
    "outcome": Key("said", "a word for what came of it"),
    "add": Key("duty+", "duties that begin, after the move"),
    "whistle": Key("role+", "whom to call, after the move"),
    "open": Key("open", "a matter opened from this one"),
    "do": Key("verb+", "steps asked of a machine"),
    "because": Key("said", "why: shown in the journal and on the page"),
}

OPEN: Shape = {
    "method": Key("slug", "the method of the new matter", required=True),
    "kind": Key("slug", "its kind", required=True),
    "wait": Key("yes_no", "whether this matter waits for it", default="no"),
}

KIND: Shape = {
    "is": Key("said", "what it is called", required=True),
    "takes": Key("category+", "categories of the reader's tree that belong to it"),
}

ROLE: Shape = {
    "is": Key("said", "what it is called", required=True),
    "level": Key("choice", "the level of its unit", choices=("grid", "village", "town", "county", "city")),
    "found": Key("found", "by place, by category, by choice, by unit SLUG, by form.FIELD", default="by place"),
    "party": Key("yes_no", "a party of the matter, not an office", default="no"),
}

FIELD: Shape = {
    "is": Key("said", "what it is called", required=True),
    "type": Key(
        "field type",
        "text count money number yes_no choice many date moment place unit file photo person "
        "people phone id_number address health",
        default="text",
    ),
    "of": Key("said+", "the choices, for choice and many"),
    "required": Key("yes_no | kind+", "asked for at the report, always or for some kinds", default="no"),
    "personal": Key("text", "what the personal data are for; needed for personal types"),
    "ground": Key("text", "on what right they are kept; needed with personal"),
    "keep": Key("budget", "how long they are kept; needed with personal"),
}

LEVEL: Shape = {
    "is": Key("said", "what it is called", required=True),
    "when": Key("condition", "raises to this level by itself; nothing lowers by itself"),
    "plan": Key("text", "the contingency plan that applies"),
    "then": Key("then", "what follows when the level is reached"),
}

EMERGENCY: Shape = {
    "is": Key("said", "what it is called", required=True),
    "words": Key("text+", "words in the report that give it away"),
    "tags": Key("tag+", "tags of the reader that give it away"),
    "go": Key("stage", "a stage of town or county, or of a person at once", required=True),
    "call": Key("role+", "who is called at once", required=True),
    "respond": Key("budget", "until when somebody must act; else those called are told again", default="30m"),
    "because": Key("said", "why, shown in the journal"),
}

TRIAGE: Shape = {
    "when": Key("condition", "the rule holds for these"),
    "otherwise": Key("said", "the last rule: takes all that is left, and says why"),
}

STAGE: Shape = {
    "is": Key("said", "what it is called", required=True),
    "holder": Key("role", "who has the matter here"),
    "limit": Key("time | time by level", "by when it must be done here"),
    "law": Key("law", "the legal clock the limit must keep"),
    "extend": Key("extend", "who may give more time"),
    "ladder": Key("ladder", "shared rungs"),
    "overdue": Key("then", "what follows when the limit is over: the rung `due`"),
    "above": Key("stage", "the stage one level up"),
    "longer_because": Key("text", "why it has more time than the stage below"),
    "slower_because": Key("text", "why a graver level has more time here than a milder one; never the gravest"),
    "self_help": Key("yes_no", "people are helped to settle it themselves; no emergency goes here", default="no"),
    "enter": Key("then", "what follows on entering"),
    "moves": Key("move by verb", "what can be done here"),
    "by_itself": Key("by_itself+", "looked at after every command"),
    "in_batches": Key("yes_no", "many may be handled in one go", default="no"),
    "end": Key(
        "choice",
        "which of the ends this stage is; it then has no holder, limit or moves",
        choices=("satisfied", "answered", "not_reached", "not_called", "verified", "guided", "withdrawn", "merged"),
    ),
    "no_call_back": Key("text", "on an end: why it may be reached without asking the reporter"),
}
END_KEYS = ("is", "end", "no_call_back")

MOVE: Shape = {
    "by": Key("role+", "who may do it", default="holder"),
    "when": Key("condition", "else it is not possible yet"),
    "needs": Key("need+", "form fields and records it cannot do without"),
    "results": Key("result by name", "what follows each result of the verb"),
}

RESULT: Shape = {
    "when": Key("condition", "for computed verbs: the first result that holds is taken"),
    "needs": Key("need+", "form fields and records it cannot do without"),
}

BY_ITSELF: Shape = {
    "when": Key("condition", "when this holds, it happens without a hand", required=True),
}

EXTEND: Shape = {
    "by": Key("role+", "who may, never the holder alone", required=True),
    "at_most": Key("budget", "the most that can be added", required=True),
    "times": Key("whole", "how often", default="1"),
}

DUTY: Shape = {
    "is": Key("said", "what it is called", required=True),
    "owed_by": Key("role", "who owes it", required=True),
    "owed_to": Key("role", "to whom"),
    "limit": Key("time | time by level", "by when"),
    "every": Key("budget", "again and again; with until"),
    "until": Key("stage | form.FIELD", "how long again and again: the word stage, or a date of the form"),
    "each": Key("form.FIELD", "one duty for each row of the field"),
    "law": Key("law", "the legal clock it must keep"),
    "extend": Key("extend", "who may give more time"),
    "ladder": Key("ladder", "shared rungs"),
    "overdue": Key("then", "what follows when it is over: the rung `due`"),
    "done_by": Key("verb+", "the verbs that fulfil it", default="fulfil"),
    "optional": Key("yes_no", "does not hold up closing", default="no"),
    "outlives": Key("yes_no", "runs on after closing; may tell, not move", default="no"),
}

CALL_BACK: Shape = {
    "by": Key("role+", "who asks, the first of them holding the stage; never who settled", required=True),
    "within": Key("time", "how long there is for it", required=True),
    "satisfied": Key("stage", "an end satisfied", required=True),
    "unsatisfied": Key("target", "where to the first time", default="back"),
    "again": Key("target", "where to the second time", default="above"),
    "tries": Key("whole", "tries before the reporter counts as not reached, at least 3", default="3"),
    "unreached": Key("stage", "an end not_reached", required=True),
    "answered": Key("stage", "an end answered: where the county ends the third unsatisfied", required=True),
    "not_called": Key("stage", "an end not_called: sampling, or the reporter's wish"),
    "verified": Key("stage", "an end verified: nobody to call, another person's look with a photo"),
    "ladder": Key("ladder", "shared rungs"),
    "overdue": Key("then", "what follows when nobody asked in time"),
}

REOPEN: Shape = {
    "within": Key("budget", "counted from the close", required=True),
    "by": Key("role+", "who may", required=True),
    "to": Key("target", "where to", default="back"),
}

WHISTLE: Shape = {
    "by": Key("role+", "who may call", required=True),
    "to": Key("role+", "who can be called", required=True),
    "report_in": Key("time", "by when the called one reports in", required=True),
    "answer": Key("time", "by when the called one answers"),
    "attend": Key("choice", "both: the caller's side owes its attendance too", default="one", choices=("one", "both")),
    "silent": Key("then", "what follows when the called one is silent", required=True),
}

REFUSAL: Shape = {
    "ruling_by": Key("role", "the common superior who rules", required=True),
    "within": Key("time", "by when", required=True),
    "at_most": Key("whole", "how often a matter may be refused", default="2"),
}

PAUSE: Shape = {
    "is": Key("said", "what it is called", required=True),
    "by": Key("role+", "who allows it, never the holder alone", required=True),
    "at_most": Key("budget", "it ends by itself after this", required=True),
    "needs": Key("need+", "the evidence", required=True),
    "law": Key("law", "the legal clock it rests on"),
    "stops": Key("stage | duty+", "what stands still", default="stage"),
    "times": Key("whole", "how often for this reason in one matter", default="1"),
}

LETTER: Shape = {
    "is": Key("said", "what it is called", required=True),
    "template": Key("slug", "its template", required=True),
    "to": Key("role+", "to whom", required=True),
    "number": Key("text", "how it is numbered"),
    "reply": Key("time", "by when a reply is owed"),
    "ladder": Key("ladder", "shared rungs of the reply"),
    "overdue": Key("then", "what follows without a reply in time; needed with reply"),
}

#: Every block by name. `+ then` blocks are listed in TAKES_THEN.
SHAPES: Mapping[str, Shape] = {
    "top": TOP, "title": TITLE, "kind": KIND, "role": ROLE, "field": FIELD, "level": LEVEL, "emergency": EMERGENCY,
    "triage rule": TRIAGE, "stage": STAGE, "move": MOVE, "result": RESULT, "by_itself": BY_ITSELF, "then": THEN,
    "open": OPEN, "extend": EXTEND, "duty": DUTY, "call_back": CALL_BACK, "reopen": REOPEN, "whistle": WHISTLE,
    "refusal": REFUSAL, "pause": PAUSE, "letter": LETTER,
}  # fmt: skip
#: Blocks whose own keys stand beside those of a consequence.
TAKES_THEN = ("triage rule", "move", "result", "by_itself")


def keys_of(block: str) -> tuple[str, ...]:
    """All keys a block knows, in the order of the table."""
    own = tuple(SHAPES[block])
    return (*own, *THEN) if block in TAKES_THEN else own


def required_of(block: str) -> tuple[str, ...]:
    """The keys a block cannot do without."""
    return tuple(name for name, key in SHAPES[block].items() if key.required)
