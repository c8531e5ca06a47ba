"""The short and the long run of each test, and the trial county behind its doors."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from tests.fuzz.fuzzing import Fuzz, note

from minqing.doors.web.tests.conftest import administrator, county, office, pages

__all__ = ["administrator", "county", "office", "pages"]


@pytest.fixture(params=["short", pytest.param("long", marks=pytest.mark.faults)])
def fuzz(request: pytest.FixtureRequest) -> Iterator[Fuzz]:
    """Hypothesis, with its guards."""
    run = Fuzz(request.param == "long")
    began = time.monotonic()
    yield run
    if run.long and run.tried and not run.failed:
        note(request.node.nodeid, run.tried, time.monotonic() - began)
