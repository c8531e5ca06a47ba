"""`python -m bench.million [--matters N] [--home FOLDER] [--only PART …]`: the measurement by itself, printed as JSON.

With --home the instances stay in that folder and are used again (nothing is loaded twice); without it they lie in a
temporary folder and are gone at the end. Parts: lifecycles, faces, plans, sweep. Files are written for a million only.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from bench.million.measuring import measure, sizes

if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m bench.million", description=__doc__)
    parser.add_argument("--matters", type=int, default=1_000_000)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--only", nargs="*", default=[], choices=["fill", "lifecycles", "faces", "plans", "sweep"])
    told = parser.parse_args()
    print(json.dumps(measure(sizes(told.matters), told.home, told.only), ensure_ascii=False, indent=1))
