"""A method as a Mermaid flowchart: stages, ends, moves; dashed where the clock moves, thick for emergencies."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from minqing.kernel.methods.model import Method
from minqing.kernel.methods.phrases import Phrases
from minqing.kernel.methods.picture import Arrow, Box, Picture, Shape, Why, picture
from minqing.kernel.methods.vocabulary import Vocabulary

#: Characters that mean something inside a quoted Mermaid label, as its own entities.
ENTITIES = {char: f"#{ord(char)};" for char in '#"<>&`|\\{}[]'}
OPEN_CLOSE: Mapping[Shape, tuple[str, str]] = {
    "start": ("([", "])"), "emergency": ("{{", "}}"), "stage": ("[", "]"), "end": ("([", "])"), "turn": ("{", "}"),
    "anywhere": ("(", ")"), "level": ("(", ")"), "duty": ("(", ")"),
}  # fmt: skip
LINES: Mapping[Why, str] = {
    "triage": "-->", "emergency": "==>", "move": "-->", "clock": "-.->", "itself": "-.->", "turn": "-->",
}  # fmt: skip
STYLES = (
    "classDef emergency fill:#fde2e1,stroke:#b3261e,stroke-width:2px",
    "classDef stage fill:#e8f0fe,stroke:#3c5a99",
    "classDef ending fill:#e6f4ea,stroke:#2e7d32",
    "classDef aside fill:#f5f5f5,stroke:#757575",
)
STYLE_OF: Mapping[Shape, str] = {"emergency": "emergency", "stage": "stage", "end": "ending"}


def mermaid(method: Method, lang: str = "zh", vocabulary: Vocabulary | None = None) -> str:
    """Mermaid text. The vocabulary titles the verbs and facts of capabilities; without it they stand in quotes."""
    drawn = picture(method, Phrases(method, vocabulary or Vocabulary({})), lang)
    title = method.title.en if lang == "en" else method.title.zh
    lines = ["---", f"title: {json.dumps(title, ensure_ascii=False)}", "---", "flowchart TB"]
    lines += [f"  {_box(box)}" for box in drawn.boxes]
    lines += [f"  {_arrow(arrow)}" for arrow in _joined(drawn)]
    return "\n".join([*lines, *(f"  {style}" for style in STYLES)]) + "\n"


def node_id(slug: str) -> str:
    """A Mermaid id that is nobody's keyword and that no two slugs share."""
    return "n_" + re.sub(r"[^a-zA-Z0-9]", lambda found: f"_{ord(found[0]):x}_", slug)


def quoted(text: str) -> str:
    """A label in quotes that no character can leave."""
    flat = " ".join(text.split())
    return '"' + "".join(ENTITIES.get(char, char) for char in flat) + '"'


def _box(box: Box) -> str:
    left, right = OPEN_CLOSE[box.shape]
    label = quoted(box.title)
    if box.shape == "stage" and box.note:
        label = f"{label[:-1]}<br/>{quoted(box.note)[1:]}"
    return f"{node_id(box.slug)}{left}{label}{right}:::{STYLE_OF.get(box.shape, 'aside')}"


def _arrow(arrow: Arrow) -> str:
    label = f"|{quoted(arrow.label)}|" if arrow.label else ""
    return f"{node_id(arrow.source)} {LINES[arrow.why]}{label} {node_id(arrow.target)}"


def _joined(drawn: Picture) -> list[Arrow]:
    """Arrows of one kind between the same boxes as one."""
    labels: dict[tuple[str, str, Why], list[str]] = {}
    for arrow in drawn.arrows:
        if arrow.why == "turn":  # where back and above lead is said by their boxes: less lines, easier to read
            continue
        labels.setdefault((arrow.source, arrow.target, arrow.why), []).append(arrow.label)
    return [
        Arrow(source, target, why, "、".join(dict.fromkeys(each for each in found if each)))
        for (source, target, why), found in labels.items()
    ]
