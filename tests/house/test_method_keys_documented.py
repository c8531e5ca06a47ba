"""The reference of the method file has every key, verb, field type and measure, as the loader's table has them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from minqing.kernel.methods.measures import MEASURES
from minqing.kernel.methods.model import ENDS
from minqing.kernel.methods.shapes import SHAPES
from minqing.kernel.methods.vocabulary import KERNEL_TYPES, KERNEL_VERBS

REFERENCE = (Path(__file__).parents[2] / "docs" / "method-format.md").read_text(encoding="utf-8")


def section(name: str) -> str:
    found = re.search(rf"^### {re.escape(name)}\n(.*?)(?=^##)", REFERENCE, re.MULTILINE | re.DOTALL)
    assert found, f"docs/method-format.md has no section {name}"
    return found.group(1)


@pytest.mark.parametrize("block", SHAPES)
def test_every_key_of_a_block_stands_in_its_table_with_type_meaning_and_default(block: str) -> None:
    rows = {line.split("|")[1].strip(): line for line in section(block).splitlines() if line.startswith("| `")}
    assert rows.keys() == {f"`{key}`" for key in SHAPES[block]}
    for name, key in SHAPES[block].items():
        row = rows[f"`{name}`"].replace("\\|", "|")
        assert key.type in row and key.doc in row
        assert ("**required**" in row) == key.required
        assert f"`{key.default}`" in row or not key.default


@pytest.mark.parametrize("block", SHAPES)
def test_every_key_of_a_block_stands_in_its_example(block: str) -> None:
    example = re.search(r"```yaml\n(.*?)```", section(block), re.DOTALL)
    assert example, f"no example for {block}"
    missing = [key for key in SHAPES[block] if not re.search(rf"(^|[\s{{]){key}:", example.group(1))]
    assert missing == []


def test_every_verb_type_measure_and_end_is_listed() -> None:
    listed = "".join(section(name) for name in ("Verbs", "Types of form fields", "Measures", "stage"))
    names = [*KERNEL_VERBS, *KERNEL_TYPES, *MEASURES, *ENDS]
    assert [name for name in names if f"`{name}`" not in listed] == []
