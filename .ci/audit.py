"""Known faults of what is shipped: `.venv/bin/python .ci/audit.py` asks OSV by the SBOM, and npm by its own lock.

Exit code 1 where a fault is known. Where a feed cannot be reached, it says NOT AUDITED and why, and the code is 0: a
network that is down says nothing of the product and turns no build red, and the line says that nothing was looked at.
With `--must` (before a release, on a machine with a network) that is code 2.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
OSV = "https://api.osv.dev/v1/querybatch"
PATIENCE = 20  # seconds for each feed


class NotReached(Exception):
    """A feed that did not answer, or not with what it should."""


def by_osv(purls: list[str]) -> dict[str, list[str]]:
    """Faults by package. Raises NotReached."""
    asked = json.dumps({"queries": [{"package": {"purl": purl}} for purl in purls]}).encode()
    request = urllib.request.Request(OSV, asked, {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            results = json.load(answer)["results"]
    except (OSError, ValueError, KeyError, TypeError) as fault:
        raise NotReached(f"{type(fault).__name__}: {fault}") from fault
    if len(results) != len(purls):
        raise NotReached("fewer answers than questions")
    found = {purl: [one["id"] for one in told.get("vulns", ())] for purl, told in zip(purls, results, strict=True)}
    return {purl: faults for purl, faults in found.items() if faults}


def by_npm() -> dict[str, list[str]]:
    """Faults of the files of pages. Raises NotReached."""
    program = shutil.which("npm")
    if program is None:
        raise NotReached("npm is not installed")
    command = [program, "audit", "--json", "--omit=dev", "--package-lock-only", "--fetch-retries=0"]
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE * 3)
        found = json.loads(done.stdout)["vulnerabilities"]
    except (subprocess.TimeoutExpired, ValueError, KeyError) as fault:
        raise NotReached(f"npm audit gave no report ({type(fault).__name__})") from fault
    return {name: [str(told.get("severity", "?"))] for name, told in found.items()}


def main() -> int:
    """Asks both."""
    bill = json.loads((ROOT / "locks" / "sbom.cdx.json").read_text())
    purls = [part["purl"] for part in bill["components"]]
    known, missed = 0, 0
    for title, ask in (("OSV", lambda: by_osv(purls)), ("npm", by_npm)):
        try:
            found = ask()
        except NotReached as fault:
            missed += 1
            print(f"audit {title}: NOT AUDITED, the feed was not reached: {fault}")
            continue
        known += len(found)
        print(f"audit {title}: {len(found)} packages with known faults")
        for name, faults in sorted(found.items()):
            print(f"  {name}: {', '.join(faults)}")
    if known:
        return 1
    return 2 if missed and "--must" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
