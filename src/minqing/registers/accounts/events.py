"""What changes in the accounts, in the past tense. Numbers only: a name or a login never stands in a line."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class UserAdded:
    """Somebody came onto the register."""

    user: int

    @property
    def subject(self) -> str:
        return f"user:{self.user}"


@dataclass(frozen=True)
class UserClosed:
    """Somebody left: no token of theirs works any more."""

    user: int

    @property
    def subject(self) -> str:
        return f"user:{self.user}"


@dataclass(frozen=True)
class UserReopened:
    """Somebody came back, under their old number."""

    user: int

    @property
    def subject(self) -> str:
        return f"user:{self.user}"


@dataclass(frozen=True)
class PasswordStarted:
    """A user got a starting password, which stands nowhere; sessions opened with an older one end."""

    user: int

    @property
    def subject(self) -> str:
        return f"user:{self.user}"


@dataclass(frozen=True)
class PasswordChanged:
    """A user chose a password of their own."""

    user: int

    @property
    def subject(self) -> str:
        return f"user:{self.user}"


@dataclass(frozen=True)
class FactorsDropped:
    """A user's second factors and passkeys were taken off, so many: what they had was lost."""

    user: int
    number: int

    @property
    def subject(self) -> str:
        return f"user:{self.user}"


@dataclass(frozen=True)
class UserSeated:
    """A user sits in a post, in a role."""

    post: int
    user: int
    role: str

    @property
    def subject(self) -> str:
        return f"post:{self.post}"


@dataclass(frozen=True)
class TokenIssued:
    """A token for a post or an outside source, and what it may do until when."""

    token: int
    user: int
    post: int
    source: str
    rights: tuple[str, ...]
    expires: dt.datetime

    @property
    def subject(self) -> str:
        return f"token:{self.token}"


@dataclass(frozen=True)
class TokenRevoked:
    """A token works no more."""

    token: int

    @property
    def subject(self) -> str:
        return f"token:{self.token}"
