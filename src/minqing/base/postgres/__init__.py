"""Embedded PostgreSQL: a small supervisor over the programs in a pip package: no service, no port to choose.

`attach(home)` gives a Server until this process ends, `running(home)` for a block; `open_instance` (instance.py) does
it for Django, or takes a served PostgreSQL. Locks of the system decide who starts and when it stops. Not on Windows.
"""

from __future__ import annotations

from minqing.base.postgres.place import home_folder
from minqing.base.postgres.server import Server, attach, running, running_now, wait_until_stopped

__all__ = ["Server", "attach", "home_folder", "running", "running_now", "wait_until_stopped"]
