"""The secret of a matter of the instance in MINQING_HOME, as its receipt tells it: `… bench.million.secret CODE`."""

from __future__ import annotations

import sys

from minqing.base.postgres.instance import open_instance
from minqing.kernel.matters.public import secret_of

if __name__ == "__main__":
    open_instance()
    print(secret_of(sys.argv[1]))
