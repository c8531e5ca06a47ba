"""Users and seats. A user's number is the person of journal lines and viewers; lines never hold the name.

Nothing is removed: a user who left is not `active`, a seat ends with its post.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from minqing.registers.accounts.posts import MACHINE_ROLE, ROLES
from minqing.registers.regions.models import Post

_SEATED = {slug: role.zh for slug, role in ROLES.items() if slug != MACHINE_ROLE}


class User(models.Model):
    id = models.AutoField(primary_key=True)
    login = models.TextField(unique=True)
    name = models.TextField()
    active = models.BooleanField(default=True)
    created = models.DateTimeField()

    def __str__(self) -> str:
        return self.login


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
