"""Second factors that were lost: an administrator takes them off, the register has the line, of which others are told.

Taken off are the authenticator app, the recovery codes and all passkeys of a user: which of them was lost nobody can
tell from here. The password stays. Whom it is told, and for how long, is `resets`.
"""

from __future__ import annotations

from allauth.mfa.models import Authenticator

from minqing.base.errors import BadInput, Conflict
from minqing.registers.accounts import events
from minqing.registers.accounts.models import User
from minqing.registers.accounts.oneself import LOCK, not_for_oneself
from minqing.registers.regions.journal import note, register_held
from minqing.registers.regions.rules import quoted


def factors_of(person: int) -> tuple[str, ...]:
    """The kinds of what a user signs in with besides the password: 'totp', 'recovery_codes', 'webauthn' (each)."""
    return tuple(Authenticator.objects.filter(user_id=person).order_by("id").values_list("type", flat=True))


def drop_factors(login: str) -> int:
    """Takes all of them off; how many there were."""
    with register_held():
        user = User.objects.filter(login=login[:60], active=True).first()
        if user is None:
            raise BadInput(
                f"没有登录名为{quoted(login)}的在册用户：请看 minqing user list（no such user: see user list）"
            )
        not_for_oneself({user.id}, LOCK)
        number: int = Authenticator.objects.filter(user_id=user.id).delete()[0]
        if not number:
            raise Conflict(
                f"{quoted(login)}没有第二重验证，也没有通行密钥：什么都没有改（there is nothing to take off）"
            )
        note(events.FactorsDropped(user.id, number))
    return number
