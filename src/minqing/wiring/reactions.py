"""When this happened, these hear of it: after commit, at least once, in the order of each matter (`minqing work`).

A reaction takes a batch of `Happened`, is harmless when repeated, and stands here by name or not at all.
"""

from __future__ import annotations

from minqing.kernel.matters.outbox import Reactions

REACTIONS: Reactions = {}
