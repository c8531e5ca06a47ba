"""Checks a method as a whole, beyond what its single lines can show; each check is a small module beside this one."""

from __future__ import annotations

from minqing.base.definitions import Reading
from minqing.kernel.methods.constants import check_constants
from minqing.kernel.methods.dead_rules import check_rules
from minqing.kernel.methods.emergencies import check_emergencies
from minqing.kernel.methods.endings import check_endings
from minqing.kernel.methods.graph import Graph
from minqing.kernel.methods.legal import check_laws, check_whole_way
from minqing.kernel.methods.model import Method
from minqing.kernel.methods.reach import check_reach, check_rounds, check_targets
from minqing.kernel.methods.unused import check_used
from minqing.kernel.methods.vocabulary import Vocabulary
from minqing.kernel.methods.waiting import (
    check_dates,
    check_duties,
    check_limits_by_level,
    check_limits_upward,
    check_waiting,
)

_CHECKS = (
    check_waiting,
    check_duties,
    check_limits_upward,
    check_limits_by_level,
    check_dates,
    check_targets,
    check_reach,
    check_rounds,
    check_endings,
    check_emergencies,
    check_laws,
    check_whole_way,
    check_used,
)


def check(method: Method, reading: Reading, vocabulary: Vocabulary) -> None:
    """Complains of everything that would go wrong when the method runs."""
    graph = Graph(method)
    for one in _CHECKS:
        one(graph, reading)
    check_constants(graph, reading, vocabulary)
    check_rules(graph, reading, vocabulary)
    for slug in method.uses:
        own = vocabulary.capabilities[slug].check
        for trail, sentence in own(method) if own is not None else ():
            reading.complain(graph.line(trail), sentence)
