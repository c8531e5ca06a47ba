"""Users, seats, and lists as users keep them for themselves. A user's number is the person of journal lines and
viewers; lines never hold the name.

Nothing is removed but such a view: a user who left is not `active`, a seat ends with its post.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q

from minqing.registers.accounts.posts import MACHINE_ROLE, ROLES
from minqing.registers.regions.models import Post

_SEATED = {slug: role.zh for slug, role in ROLES.items() if slug != MACHINE_ROLE}


class User(AbstractBaseUser):
    """Somebody who works with matters. Without a password they sign in nowhere; a token is asked no password."""

    id = models.AutoField(primary_key=True)
    login = models.TextField(unique=True)
    name = models.TextField()
    active = models.BooleanField(default=True)
    created = models.DateTimeField()
    #: The password was made by the program: the user chooses their own before anything else.
    must_change = models.BooleanField(default=False)

    USERNAME_FIELD = "login"
    REQUIRED_FIELDS: ClassVar = ["name"]
    objects = BaseUserManager["User"]()

    def __str__(self) -> str:
        return self.login

    def has_usable_password(self) -> bool:
        """Whether anybody can sign in as them with one: not before `minqing user password`."""
        return bool(self.password) and super().has_usable_password()

    @property
    def is_active(self) -> bool:  # type: ignore[override]
        """What Django asks for under this name."""
        return self.active


class Seat(models.Model):
    """A user in a post: one person a post, as many posts as they serve in."""

    id = models.AutoField(primary_key=True)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    post = models.OneToOneField(Post, on_delete=models.PROTECT, related_name="+")
    role = models.TextField(choices=list(_SEATED.items()))

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(role__in=list(_SEATED)), name="seat_role"),)

    def __str__(self) -> str:
        return f"{self.post_id} {self.role}"


class SavedView(models.Model):
    """The filters of a list under a name, for one user. No register: nobody else reads it, no line is written of it."""

    id = models.AutoField(primary_key=True)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    page = models.TextField()
    name = models.TextField()
    query = models.TextField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("user", "page", "name"), name="saved_view_named"),)

    def __str__(self) -> str:
        return f"{self.user_id} {self.page} {self.name}"
