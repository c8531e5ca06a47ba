"""A reader of the outbox to be killed: hands over batch by batch until nothing is left, and writes down each event its
reactions heard. Says `batch` when it is in the middle of one, and goes on when it is sent a line, or at the end of what
it is sent. Argument: folder to write into."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from minqing.base.postgres.instance import open_instance


def main() -> None:
    folder = Path(sys.argv[1])
    open_instance()
    from minqing.kernel.matters.events import Entered, Reported  # noqa: PLC0415  (Django has to be ready first)
    from minqing.kernel.matters.outbox import Happened, hand_over  # noqa: PLC0415

    def writer(name: str):
        file = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

        def reaction(batch: Sequence[Happened]) -> None:
            os.write(file, "".join(f"{one.code} {one.position}\n" for one in batch).encode())
            sys.stdout.write("batch\n")
            sys.stdout.flush()
            sys.stdin.readline()

        reaction.__qualname__ = name
        return reaction

    first, second = writer("first"), writer("second")
    wired = {Reported: (first, second), Entered: (second,)}
    while hand_over(wired, many=20).taken:
        pass


if __name__ == "__main__":
    main()
