"""Passwords: a starting one, made here and shown once, and the user's own in its place.

Each is a line of the register that says whose, never what; only the hash is kept (Argon2). Whoever was signed in with
the password before is signed out by it.
"""

from __future__ import annotations

import secrets

from minqing.base.errors import BadInput
from minqing.registers.accounts import events
from minqing.registers.accounts.models import User
from minqing.registers.accounts.oneself import LOCK, not_for_oneself
from minqing.registers.regions.journal import note, register_held
from minqing.registers.regions.rules import quoted

#: Letters and digits that nobody takes for one another when they read them from a slip of paper.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _IN_GROUP = 4, 4  # 79 bits


def start_password(login: str) -> str:
    """A starting password for a user, good until they choose their own at the first sign-in; an older one is void."""
    words = "-".join("".join(secrets.choice(_LETTERS) for _ in range(_IN_GROUP)) for _ in range(_GROUPS))
    with register_held():
        user = User.objects.filter(login=login[:60], active=True).first()
        if user is None:
            raise BadInput(
                f"没有登录名为{quoted(login)}的在册用户：请看 minqing user list（no such user: see user list）"
            )
        not_for_oneself({user.id}, LOCK)
        _keep(user, words, must_change=True)
        note(events.PasswordStarted(user.id))
    return words


def change_password(person: int, password: str) -> None:
    """The user's own password; what makes one good enough was asked before (AUTH_PASSWORD_VALIDATORS)."""
    with register_held():
        _keep(User.objects.get(id=person), password, must_change=False)
        note(events.PasswordChanged(person))


def _keep(user: User, password: str, *, must_change: bool) -> None:
    user.set_password(password)
    User.objects.filter(id=user.id).update(password=user.password, must_change=must_change)
