"""The trial county behind a door, for the tests of pages and of the API: methods published, people in their posts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connections, transaction
from pytest_django import DjangoDbBlocker

from minqing.kernel.matters.trial_county import open_trial_county
from minqing.kernel.matters.trial_staff import Person, program_token, seat_trial_staff
from minqing.kernel.matters.versions import publish
from minqing.kernel.methods.loader import load_method
from minqing.registers.regions.codes import Region
from minqing.wiring.vocabulary import VOCABULARY

METHODS = Path(__file__).resolve().parents[3] / "methods"


@pytest.fixture(scope="module")
def county(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[list[Region], list[Person], dict[str, str]]]:
    """The county with one village, two grids, and two people in every unit: made once for the tests of a file, which
    run inside its transaction; rolled back after them."""
    with django_db_blocker.unblock():
        with transaction.atomic():
            grids = open_trial_county(tmp_path_factory.mktemp("lists"), towns=1, villages=1, grids=2)
            for name in ("panan-three-feelings", "wushan-three-rests"):
                publish(load_method(METHODS / f"{name}.yaml", VOCABULARY))
            people = seat_trial_staff(grids)
            tokens = {person.unit: person.token for person in reversed(people)}
            tokens |= {f"{person.unit}/2": person.token for person in people}
            yield grids, people, tokens | {"hotline": program_token("12345")}
            transaction.set_rollback(True)
        connections.close_all()
