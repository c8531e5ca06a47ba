"""Reads a form of a move as somebody in front of it would: what is marked as needed, what may be chosen, and fills in
the least. Knows nothing of schemas."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

ALL = "每一项都要有"


@dataclass
class Field:
    """One control; `under`: the result it stands with."""

    name: str
    kind: str
    needed: bool
    under: str
    values: list[str] = field(default_factory=list)
    all_of: bool = False
    one_of: bool = False


class FormSeen(HTMLParser):
    """The form of the page whose id begins with `form-`."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fields: dict[str, Field] = {}
        self.sent: dict[str, str] = {}
        self._sets: list[bool] = []
        self._inside = self._needed = self._all = False
        self._under, self._list = "", ""
        self.feed(page)

    def handle_starttag(self, tag: str, told: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in told}
        classes = has.get("class", "").split()
        if tag == "form":
            self._inside = has.get("id", "").startswith("form-")
        if not self._inside:
            return
        if tag == "fieldset":
            self._sets.append("one-of" in classes)
        if "form-label" in classes:
            self._needed, self._all = "required" in classes, False
        if tag == "option" and self._list and has.get("value"):
            self.fields[self._list].values.append(has["value"])
        if tag in ("input", "select", "textarea") and has.get("name"):
            self._control(tag, has)

    def _control(self, tag: str, has: dict[str, str]) -> None:
        name, kind = has["name"], has.get("type", tag) if tag == "input" else tag
        if kind == "hidden":
            self.sent[name] = has.get("value", "")
            return
        if has.get("id", "").find("-result-") >= 0 and name == "result":  # the result a group of fields belongs to
            self._under = has["value"]
            self.fields.setdefault("result", Field("result", "radio", True, "")).values.append(has["value"])
            return
        if kind == "text" and has.get("inputmode"):
            kind = "place" if name == "place" else "figure"
        under = self._under if "@" in name else ""
        one = self.fields.setdefault(
            name, Field(name, kind, self._needed, under, all_of=self._all, one_of=any(self._sets))
        )
        if kind in ("radio", "checkbox"):
            one.values.append(has["value"])
        self._list = name if tag == "select" else ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        elif tag == "select":
            self._list = ""
        elif tag == "fieldset" and self._inside:
            self._sets.pop()

    def handle_data(self, data: str) -> None:
        if self._inside and ALL in data:
            self._all = True

    def results(self) -> list[str]:
        """The results there are to choose among; [''] for none."""
        return self.fields["result"].values if "result" in self.fields else [""]

    def least(self, result: str, other: str, place: str) -> dict[str, str | list[str]]:
        """What has to be sent, filled in; `other`: the code of another matter."""
        typed: dict[str, str | list[str]] = dict(self.sent)
        if result:
            typed["result"] = result
        shown = [one for one in self.fields.values() if one.under in ("", result) and one.name != "result"]
        for one in shown:
            if one.needed:
                typed[one.name] = _filled(one, other, place)
        for under in ("", result):
            among = [one for one in shown if one.under == under and one.one_of]
            if among:
                typed[among[0].name] = _filled(among[0], other, place)
        return typed


def _filled(one: Field, other: str, place: str) -> str | list[str]:
    if one.values:
        return one.values if one.all_of else one.values[:1] if one.kind == "checkbox" else one.values[0]
    if one.name.partition("@")[0] == "code":
        return other
    plain = {"figure": "1", "place": place, "date": "2026-06-01", "datetime-local": "2026-06-01T10:00"}
    return plain.get(one.kind, "演示：情况已经说明")
