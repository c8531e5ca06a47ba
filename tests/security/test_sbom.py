"""The list of what is shipped is that of the locks, each under a licence that allows it; and how the audit ends."""

from __future__ import annotations

import importlib.util
import json
import re
from importlib import metadata
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
#: Under these it may be shipped with the product, as a library beside it.
ALLOWED = {
    "0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "LGPL-3.0-only", "MIT", "MIT-0", "MIT-CMU",
    "MPL-2.0", "PSF-2.0", "PostgreSQL", "Zlib",
}  # fmt: skip


def program(name: str) -> ModuleType:
    """One of the programs of CI, which are no package."""
    spec = importlib.util.spec_from_file_location(f"ci_{name}", ROOT / ".ci" / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


sbom, audit = program("sbom"), program("audit")
BILL = json.loads((ROOT / "locks" / "sbom.cdx.json").read_text())


def test_the_list_is_what_the_locks_and_the_installed_packages_say() -> None:
    assert sbom.bill() == BILL, "run .venv/bin/python .ci/sbom.py"
    lines = (ROOT / "locks" / "runtime.lock").read_text().splitlines()
    pinned = [re.split(r"[ ;\\]", line)[0] for line in lines if re.match(r"[A-Za-z0-9]", line)]
    browser = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    named = {part["purl"] for part in BILL["components"]}
    assert {f"pkg:pypi/{one.replace('==', '@')}" for one in pinned} <= named and len(pinned) > 50
    assert len(named) == len(pinned) + sum(1 for path, told in browser.items() if path and not told.get("dev"))


def test_what_is_installed_is_what_is_listed() -> None:
    for name, version, marker in sbom.pinned():
        if not marker:
            assert metadata.version(name) == version, name


def test_everything_is_shipped_under_a_licence_that_allows_it() -> None:
    for part in BILL["components"]:
        (told,) = part["licenses"]
        words = told.get("expression") or told["license"]["id"]
        named = set(re.split(r" AND | OR |[() ]+", words)) - {""}
        assert named and named <= ALLOWED, (part["name"], words)


def test_no_licence_is_looked_up_by_hand_that_its_package_tells_itself() -> None:
    told = {name for name, _, _ in sbom.pinned()}
    assert set(sbom.LOOKED_UP) <= told
    for name in set(sbom.LOOKED_UP) - {"colorama"}:  # for another system: not installed here
        assert metadata.metadata(name)["License-Expression"] is None, name


@pytest.mark.parametrize(("npm", "osv", "must", "code", "says"), [
    ({}, {}, False, 0, "0 packages"),
    ({}, {"pkg:pypi/x@1": ["CVE-0000-1"]}, False, 1, "CVE-0000-1"),
    ({"x": ["high"]}, None, False, 1, "NOT AUDITED"),
    (None, None, False, 0, "NOT AUDITED"),
    (None, {}, True, 2, "NOT AUDITED"),
])  # fmt: skip
def test_a_feed_that_is_not_reached_is_told_and_is_neither_a_fault_nor_a_silence(
    npm: object, osv: object, must: bool, code: int, says: str,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    def answers(told: object) -> object:
        if told is None:
            raise audit.NotReached("no network")
        return told

    monkeypatch.setattr(audit, "by_npm", lambda: answers(npm))
    monkeypatch.setattr(audit, "by_osv", lambda _purls: answers(osv))
    monkeypatch.setattr(audit.sys, "argv", ["audit.py", *(["--must"] if must else [])])
    assert audit.main() == code
    assert says in capsys.readouterr().out
