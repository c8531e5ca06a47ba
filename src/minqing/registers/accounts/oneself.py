"""Nobody gives a post or a stand-in to themselves, closes themselves, or takes a lock off their own account.

Who acts is whom the register's journal names (`changed_by`); the machine's own command line names nobody: it is its
owner's. Limits: one administrator can still enter as somebody else (a starting password passes through their hands), or
as somebody made up whom they seat. Neither is prevented; the first is told by `resets`, the second stands in the
journal alone.
"""

from __future__ import annotations

from collections.abc import Collection

from minqing.base.errors import NotAllowed
from minqing.registers.accounts.models import Seat
from minqing.registers.regions.journal import changing
from minqing.registers.regions.models import Post

POST = "不能给自己安排岗位或代班：请另一位管理员办理（nobody gives a post to themselves: ask another administrator）"
TERM = "不能改自己岗位的期限：请另一位管理员办理（nobody sets the end of their own post: ask another administrator）"
CLOSED = "不能注销自己：请另一位管理员办理（nobody closes themselves: ask another administrator）"
LOCK = (
    "不能给自己重设密码或撤下第二重验证：自己的在“我的账号”里改，进不去请另一位管理员办理"
    "（nobody resets their own sign-in: ask another administrator）"
)


def not_for_oneself(persons: Collection[int], said: str) -> None:
    """Refuses with that sentence where whoever changes the register is among those it is done for."""
    actor = changing()
    if actor and actor in persons:
        raise NotAllowed(said)


def sitting_in(post: int) -> frozenset[int]:
    """The users of a post, of the one that stands in for it, of the one that stands in there, and so on."""
    chain: list[int] = []
    following: int | None = post
    while following is not None and following not in chain:
        chain.append(following)
        following = Post.objects.filter(id=following).values_list("stand_in_id", flat=True).first()
    return frozenset(Seat.objects.filter(post_id__in=chain).values_list("user_id", flat=True))
