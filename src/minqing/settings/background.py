"""What runs after the answer: reactions to what happened, and jobs of procrastinate in the same database.

Both stand in literal tables of the roof, loaded when `minqing work` starts.
"""

from __future__ import annotations

REACTIONS = "minqing.wiring.reactions.REACTIONS"
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = ""  # nothing is found by its file name
PROCRASTINATE_IMPORT_PATHS = ["minqing.wiring.jobs"]
#: A daily job that was missed because nothing ran at its hour is made up for at the next start.
PROCRASTINATE_PERIODIC_DEFAULTS = {"max_delay": 24 * 3600}
