"""The category tree: classes, their leaves, and the words by which the lexicon knows a leaf. Ours is data/tree.yaml; a
county may load its own as YAML of the same form, or as a table with one column per level (CSV, the last the leaf).
A category is stored as a path of slugs ('utilities/water'); in a table without slugs the title is the slug.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from minqing.base.errors import BadInput
from minqing.tools.text.table import read_text

OURS = Path(__file__).parent / "data" / "tree.yaml"
_KEYS = {"slug", "zh", "en", "words", "leaves"}


@dataclass(frozen=True)
class Category:
    path: str
    zh: str
    en: str = ""
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Tree:
    """Every category by its path, classes before their leaves."""

    categories: Mapping[str, Category] = field(default_factory=dict)

    def leaves(self) -> Iterator[Category]:
        inner = {path.rpartition("/")[0] for path in self.categories}
        return (category for path, category in self.categories.items() if path not in inner)

    def title(self, path: str) -> str:
        """Titles from the class down: 水电气暖讯／供水. A path the tree does not hold is its own title."""
        steps = path.split("/")
        paths = ["/".join(steps[: n + 1]) for n in range(len(steps))]
        return "／".join(self.categories[p].zh if p in self.categories else p.rpartition("/")[2] for p in paths)

    def find(self, label: str) -> str:
        """The path a label stands for: a path, a title of any level, or else the label itself."""
        if label in self.categories:
            return label
        return self._by_title().get(label, label)

    def _by_title(self) -> Mapping[str, str]:
        titles: dict[str, str] = {}
        for path, category in self.categories.items():
            titles.setdefault(category.zh, path)
            titles.setdefault(self.title(path), path)
        return titles


@cache
def our_tree() -> Tree:
    return load_tree(OURS)


def load_tree(path: Path) -> Tree:
    text = read_text(path)
    found = list(_from_table(path, text) if path.suffix.lower() == ".csv" else _from_yaml(path, text))
    if not found:
        raise BadInput(f"{path}: 分类树里没有任何类别。 The tree holds no category: give at least one class.")
    return Tree(_once_each(path, found))


def _once_each(path: Path, found: Iterable[Category]) -> dict[str, Category]:
    categories: dict[str, Category] = {}
    for category in found:
        if category.path in categories:
            raise BadInput(f"{path}: the category {category.path!r} stands twice: give one of them another slug.")
        categories[category.path] = category
    return categories


def _from_yaml(path: Path, text: str) -> Iterator[Category]:
    try:
        nodes = yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError) as error:
        raise BadInput(f"{path}: not readable as YAML: {error}") from error
    yield from _branches(path, nodes, "")


def _branches(path: Path, nodes: Any, above: str) -> Iterator[Category]:
    if not isinstance(nodes, list):
        raise BadInput(f"{path}: under {above or 'the top'} a list of categories is expected.")
    for node in nodes:
        category = _category(path, node, above)
        yield category
        yield from _branches(path, node.get("leaves", []), f"{category.path}/")


def _category(path: Path, node: Any, above: str) -> Category:
    if not isinstance(node, dict) or not {"slug", "zh"} <= node.keys() <= _KEYS:
        raise BadInput(
            f"{path}: {str(node)[:60]}: a category has slug and zh, may have en, words, leaves; no other key."
        )
    slug, words = str(node["slug"]), node.get("words", [])
    if "/" in slug or not slug or not isinstance(words, list):
        raise BadInput(f"{path}: {slug!r}: a slug is a word without '/', and words are a list.")
    return Category(above + slug, str(node["zh"]), str(node.get("en", "")), tuple(map(str, words)))


def _from_table(path: Path, text: str) -> Iterator[Category]:
    """One column per level. The words of a leaf are its own title and the parts of it."""
    rows = list(csv.reader(text.splitlines()))
    seen: set[str] = set()
    for number, row in enumerate(rows[1:], start=2):
        steps = [cell.strip().replace("/", "、") for cell in row]
        while steps and not steps[-1]:
            steps.pop()
        if not all(steps):
            raise BadInput(f"{path}: line {number}: a level is empty while a deeper one is filled.")
        for depth in range(1, len(steps) + 1):
            here = "/".join(steps[:depth])
            if here not in seen:
                seen.add(here)
                yield Category(here, steps[depth - 1], words=_parts(steps[depth - 1]))


def _parts(title: str) -> tuple[str, ...]:
    for mark in "、与和及（）()":
        title = title.replace(mark, " ")
    return tuple(part for part in title.split() if len(part) > 1)
