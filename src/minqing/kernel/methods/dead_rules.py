"""Finds rules that are never taken, by trying every combination of the values their conditions compare with.

For each name: the constants of the conditions, one less and one more, and something else. With more than 20,000
combinations nothing is said. Exact where facts are compared with constants, as in method files they are.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterator, Mapping, Sequence

from minqing.base.definitions import Reading, shown
from minqing.kernel.methods.conditions import Condition, Undecidable
from minqing.kernel.methods.graph import Graph
from minqing.kernel.methods.model import Method
from minqing.kernel.methods.names import KERNEL_FACTS
from minqing.kernel.methods.vocabulary import KERNEL_TYPES, CelType, Vocabulary

MOST = 20_000
_ELSE = "\u25a1"  # a word that no file writes
_WORD = re.compile(r"'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\"")
_NUMBER = re.compile(r"(?<![\w.])-?\d+(?:\.\d+)?(?![\w.])")
_AT_LEAST = {"people": 1}


def check_rules(graph: Graph, reading: Reading, vocabulary: Vocabulary) -> None:
    """Triage rules and results that those before them leave nothing for, and conditions that never hold."""
    values = _Values(graph.method, vocabulary)
    rules = [rule.when for rule in graph.method.triage]
    for number in _never_taken(rules, values):
        text = rules[number]
        said = f'triage rule "{shown(text.text)}"' if text else "the last triage rule"
        tried = f" (tried all {values.count(rules)} combinations)"
        reading.complain(
            graph.line(f"triage.{number}"), f"{said} is never taken: the rules above it take every matter{tried}"
        )
    for trail, conditions in _ordered(graph.method):
        for number in _never_taken(conditions, values):
            reading.complain(graph.line(f"{trail}.results"), f"result {number + 1} here is never taken")
    for trail, condition in _single(graph.method):
        if _never_taken([condition], values):
            reading.complain(graph.line(trail), f'the condition "{shown(condition.text)}" never holds')


def _ordered(method: Method) -> Iterator[tuple[str, list[Condition | None]]]:
    for stage in method.stages.values():
        for verb, move in stage.moves.items():
            if any(result.when for result in move.results.values()):
                yield f"stages.{stage.slug}.moves.{verb}", [result.when for result in move.results.values()]


def _single(method: Method) -> Iterator[tuple[str, Condition]]:
    for level in method.levels.values():
        if level.when is not None:
            yield f"levels.{level.slug}.when", level.when
    for stage in method.stages.values():
        for verb, move in stage.moves.items():
            if move.when is not None:
                yield f"stages.{stage.slug}.moves.{verb}.when", move.when
        for number, rule in enumerate(stage.by_itself):
            yield f"stages.{stage.slug}.by_itself.{number}.when", rule.when


def _never_taken(rules: Sequence[Condition | None], values: _Values) -> list[int]:
    """The places of the rules that no combination takes; none where there are too many to try."""
    names, choices = values.tried(rules)
    if not rules or math.prod(len(choice) for choice in choices) > MOST:
        return []
    left = set(range(len(rules)))
    places = [tuple(names.index(name) for name in rule.names) if rule else () for rule in rules]
    for combination in itertools.product(*choices):
        taken = _first(rules, places, combination)
        left.discard(taken)
        if not left:
            break
    return sorted(left)


def _first(
    rules: Sequence[Condition | None], places: Sequence[tuple[int, ...]], combination: tuple[object, ...]
) -> int:
    for number, rule in enumerate(rules):
        try:
            if rule is None or rule.holds(tuple(combination[place] for place in places[number])):
                return number
        except Undecidable:  # refused when it runs; no proof either way
            continue
    return -1


class _Values:
    """What each name may be, as far as the conditions can tell values apart."""

    def __init__(self, method: Method, vocabulary: Vocabulary) -> None:
        self.method = method
        self.types: dict[str, CelType] = dict(KERNEL_FACTS)
        kinds = dict(KERNEL_TYPES)
        for slug in method.uses:
            kinds.update(vocabulary.capabilities[slug].types)
            self.types.update(vocabulary.capabilities[slug].facts)
        self.types.update({f"form.{slug}": kinds[one.type].cel for slug, one in method.form.items()})
        self.closed: Mapping[str, tuple[str, ...]] = {
            "kind": tuple(method.kinds),
            "stage": tuple(method.stages),
            **{f"form.{slug}": (*one.choices, "") for slug, one in method.form.items() if one.type == "choice"},
        }

    def tried(self, rules: Sequence[Condition | None]) -> tuple[list[str], list[tuple[object, ...]]]:
        """The names that the rules read, and the values to try for each."""
        conditions = [rule for rule in rules if rule is not None]
        names = sorted({name for condition in conditions for name in condition.names})
        return names, [self._of(name, [one.text for one in conditions if name in one.names]) for name in names]

    def count(self, rules: Sequence[Condition | None]) -> int:
        """How many combinations there are."""
        return math.prod(len(choice) for choice in self.tried(rules)[1])

    def _of(self, name: str, texts: list[str]) -> tuple[object, ...]:
        words = list(dict.fromkeys(a or b for text in texts for a, b in _WORD.findall(text)))
        numbers = {float(found) for text in texts for found in _NUMBER.findall(_WORD.sub("''", text))}
        match self.types.get(name, "int" if name.split(".")[0] in ("open", "done", "late", "all") else "bool"):
            case "string":
                return self.closed.get(name) or (*words, _ELSE, "")
            case "int":
                least = _AT_LEAST.get(name, 0)
                near = {int(one) + step for one in numbers for step in (-1, 0, 1)} | {least, least + 1}
                return tuple(sorted(one for one in near if one >= least))
            case "double":
                return tuple(sorted({one + step for one in numbers for step in (-0.5, 0.0, 0.5)} | {0.0}))
            case "list":
                picks = (itertools.combinations(words, size) for size in range(min(len(words), 4) + 1))
                return tuple(itertools.chain.from_iterable(picks))
            case "timestamp":
                return tuple(range(MOST + 1))  # cannot be tried: too many, so nothing is said
            case _:
                return (True, False)
