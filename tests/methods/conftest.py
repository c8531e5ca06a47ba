"""What the method files may mean: the running capabilities, our tree and tags, and a capability not in use."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from minqing.kernel.methods.vocabulary import Capability, Verb, Vocabulary
from minqing.tools.text.tree import our_tree
from minqing.tools.text.urgency import urgency_tags
from minqing.wiring.vocabulary import VOCABULARY

METHODS = Path(__file__).parents[2] / "methods"
#: A capability that no file here draws on: a file that uses its move is told whose it is.
MEDIATION = Capability("mediation", "settling between the parties", verbs={"sign": Verb("签协议", "sign")})


@pytest.fixture(scope="session")
def vocabulary() -> Vocabulary:
    return replace(
        VOCABULARY,
        capabilities={**VOCABULARY.capabilities, "mediation": MEDIATION},
        categories=frozenset(our_tree().categories),
        tags=frozenset(urgency_tags()),
    )
