"""When this happened, these hear of it: after commit, at least once, in the order of each matter (`minqing work`).

A reaction takes a batch of `Happened`, is harmless when repeated, and stands here by name or not at all.
"""

from __future__ import annotations

from minqing.kernel.matters import events as ev
from minqing.kernel.matters.following import merged_follow
from minqing.kernel.matters.outbox import Reactions
from minqing.wiring.notices import put_notices_of

REACTIONS: Reactions = {
    ev.Reported: (put_notices_of,),
    ev.Acted: (put_notices_of,),
    ev.Entered: (put_notices_of,),
    ev.Told: (put_notices_of,),
    ev.RungFired: (put_notices_of,),
    ev.Settled: (put_notices_of,),
    ev.CalledBack: (put_notices_of,),
    ev.LetterSent: (put_notices_of,),
    ev.Closed: (put_notices_of, merged_follow),
    ev.Reopened: (put_notices_of,),
    ev.Revived: (put_notices_of,),
    ev.Suspended: (put_notices_of,),
    ev.Resumed: (put_notices_of,),
    ev.Extended: (put_notices_of,),
    ev.HoldRefused: (put_notices_of,),
    ev.Ruled: (put_notices_of,),
    ev.AgainstSet: (put_notices_of,),
}
