"""Numbers of a scenario are changed by name; what is not understood gets a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from minqing.base.errors import BadInput
from minqing.insight.twin.scenario import default_scenario
from minqing.insight.twin.settings import settings_in, with_settings
from minqing.kernel.methods.model import Method


def test_a_number_is_changed_by_its_dotted_name(panan: Method) -> None:
    changed = with_settings(default_scenario(panan), [("staff.grid.workers", "3"), ("helping.silent", "10%")])
    assert (changed.staff["grid"].workers, changed.helping.silent) == (3, 0.1)
    assert changed.staff["town"] == default_scenario(panan).staff["town"]


def test_short_names_stand_for_what_people_type_first(panan: Method) -> None:
    assert with_settings(default_scenario(panan), [("arrivals", "50")]).arrivals.per_day == 50


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("staff.grit.workers", "2", 'Did you mean "grid"?'),
        ("arrivals.per_day", "many", "a number from 0 up"),
        ("arrivals.per_day", "-1", "a number from 0 up"),
        ("arrivals.per_day", "nan", "a number from 0 up"),
        ("staff.grid.workers", "0", "a whole number from 1 up"),
        ("staff.grid.workers", "1.5", "a whole number from 1 up"),
        ("staff.grid.rest_days", "maybe", "yes or no"),
        ("staff.grid", "2", "several numbers"),
        ("arrivals.per_day.more", "2", "one too many"),
    ],
)
def test_what_is_not_understood_gets_a_sentence(panan: Method, name: str, value: str, says: str) -> None:
    with pytest.raises(BadInput) as told:
        with_settings(default_scenario(panan), [(name, value)])
    assert says in str(told.value)


def test_a_scenario_file_holds_the_same_names_nested_or_dotted(panan: Method, tmp_path: Path) -> None:
    file = tmp_path / "fewer.yaml"
    file.write_text("arrivals:\n  per_day: 12\n  kinds: {private: 3}\nstaff.grid.workers: 2\n", encoding="utf-8")
    changed = with_settings(default_scenario(panan), settings_in(file))
    assert (changed.arrivals.per_day, changed.arrivals.kinds["private"], changed.staff["grid"].workers) == (12, 3, 2)


def test_the_facts_and_tags_a_method_reads_are_drawn(panan: Method) -> None:
    assert list(default_scenario(panan).arrivals.facts) == ["text.repeats"]
