"""The way in from the shell: binds the ports, then opens the door."""

from __future__ import annotations

from minqing.doors import cli
from minqing.wiring.ports import bind_ports


def main() -> None:
    """`minqing` of the command line."""
    bind_ports()
    cli.main()


if __name__ == "__main__":
    main()
