"""Tongues of pages: every sentence is Chinese in its place and English in the catalogue, and nothing else is written;
and a template holds no script and no style of its own, which the security policy would refuse."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

WEB = Path(__file__).resolve().parents[2] / "src" / "minqing" / "doors" / "web"
TEMPLATES = sorted((WEB / "templates").rglob("*.html"))
SCRIPTS = sorted((WEB / "static" / "web").glob("*.js"))
CATALOGUE = WEB / "locale" / "en" / "LC_MESSAGES" / "django.po"
CALLS = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "npgettext"}
CHINESE = re.compile(r"[\u2e80-\u2fff\u3000-\u303f\u3400-\u4dbf\u4e00-\u9fff\uff01-\uff09\uff0b-\uff3e\uff40-\uff60]+")
#: The brand and the names of the tongues themselves; units and kinds of files that are written alike in both.
SAME_IN_BOTH = re.compile(r"民情|中文|\b(?:English|PDF|MB|KB|QR|CSV|XLSX|GPS)\b")
SHOWN = re.compile(r"""\b(?:alt|title|placeholder|aria-label|aria-description|label)=(["'])(.*?)\1""", re.S)


def named(path: Path) -> str:
    return str(path.relative_to(WEB))


def of_templates() -> Iterator[tuple[str, str]]:
    """(sentence, where) of each translate and blocktranslate, as Django itself reads them."""
    literal = r"""u?('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
    for path in TEMPLATES:
        code = templatize(path.read_text("utf-8"), origin=str(path))
        for found in re.finditer(rf"\b(?:_|gettext|ngettext)\(\s*{literal}", code):
            yield ast.literal_eval(found[1]), named(path)


def of_code() -> Iterator[tuple[str, str]]:
    """(sentence, where) of each call; one that is put together at run time could not be found, and fails."""
    for path in sorted(WEB.rglob("*.py")):
        if "tests" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS and node.args:
                said = node.args[0]
                assert isinstance(said, ast.Constant), f"{named(path)}:{node.lineno} is not written out"
                yield str(said.value), named(path)


@cache
def said() -> dict[str, str]:
    return dict([*of_templates(), *of_code()])


@cache
def english() -> dict[str, tuple[str, ...]]:
    """Sentence → its English (two where there is a plural)."""
    with CATALOGUE.open("rb") as file:
        rows = {row.id: row.string for row in read_po(file, locale="en") if row.id}
    return {
        one if isinstance(one, str) else one[0]: (told,) if isinstance(told, str) else tuple(told)
        for one, told in rows.items()
    }


def test_every_sentence_of_a_page_has_its_english() -> None:
    missing = {one: where for one, where in said().items() if not all(english().get(one, ("",)))}
    assert missing == {}


def test_every_english_sentence_is_used_on_a_page() -> None:
    assert sorted(set(english()) - set(said())) == []


def test_no_sentence_stands_twice_in_the_catalogue() -> None:
    ids = re.findall(r'^msgid ((?:".*"\n)+)', CATALOGUE.read_text("utf-8"), re.M)
    assert [one for one, n in Counter(ids).items() if n > 1] == []


def test_an_english_sentence_is_english_and_names_what_the_chinese_names() -> None:
    def holes(text: str) -> set[str]:
        return set(re.findall(r"%\((\w+)\)", text))

    wrong = {
        one: told
        for one, told in english().items()
        if any(CHINESE.search(SAME_IN_BOTH.sub("", each)) or holes(each) - holes(one) for each in told)
        or (len(told) == 1 and holes(told[0]) != holes(one))
    }
    assert wrong == {}


def bare(text: str) -> str:
    """A template without comments and without what is translated."""
    text = re.sub(r"\{%\s*comment\b.*?endcomment\s*%\}|\{#.*?#\}", "", text, flags=re.S)
    text = re.sub(r"\{%\s*blocktranslate\b.*?endblocktranslate\s*%\}", "", text, flags=re.S)
    text = re.sub(r"""\{%\s*translate\s.*?%\}|\b_\((["']).*?\1\)""", "", text, flags=re.S)
    return SAME_IN_BOTH.sub("", text)


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_a_template_writes_nothing_in_one_tongue_alone(path: Path) -> None:
    text = bare(path.read_text("utf-8"))
    chinese = CHINESE.findall(text)
    drawn = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", " ", text, flags=re.S)
    attributes = " ".join(found[2] for found in SHOWN.finditer(drawn))
    between = re.sub(r"<script\b.*?</script>|<[^>]*>|&\w+;", " ", drawn, flags=re.S)
    between = re.sub(r"""[\w-]+=(["']).*?\1""", " ", between, flags=re.S)  # a part that holds attributes alone
    assert (chinese, re.findall(r"[A-Za-z]{2,}", f"{between} {attributes}")) == ([], [])


@pytest.mark.parametrize("path", SCRIPTS, ids=named)
def test_a_script_shows_no_words_of_its_own(path: Path) -> None:
    code = re.sub(r"/\*.*?\*/|(?<!:)//[^\n]*", "", path.read_text("utf-8"), flags=re.S)
    assert CHINESE.findall(code) == []


INLINE = {
    "script": re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*type=.application/json.)", re.I),
    "style": re.compile(r"<style\b|\sstyle\s*=", re.I),
    "event": re.compile(r"<[^>]*\s(?:on[a-z]+|hx-on[\w:-]*)\s*=", re.I),
    "address": re.compile(r"javascript:", re.I),
}


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_a_template_holds_no_script_and_no_style(path: Path) -> None:
    text = path.read_text("utf-8")
    assert [kind for kind, pattern in INLINE.items() if pattern.search(text)] == []
