"""Tables of the register. Region columns hold 15-digit keys (`codes`); a unit's `region` is a division or a grid.

`UnitHours` and `Post` keep their past: a change is a new row with its day. `Revision` numbers the changes: casts are
cached by the last one.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from minqing.registers.regions.codes import LEVELS
from minqing.registers.regions.rules import GRID_KINDS, LATITUDES, LONGITUDES, UNIT_KINDS, UNIT_LEVELS, Term


class Division(models.Model):
    code = models.BigIntegerField(primary_key=True)
    name = models.TextField()
    level = models.SmallIntegerField(choices=list(enumerate(LEVELS[:5])))
    # no index: what lies below is a range of codes, and nothing is ever removed
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        indexes = (models.Index(fields=["name"], name="division_name", opclasses=["text_pattern_ops"]),)

    def __str__(self) -> str:
        return self.name


class Grid(models.Model):
    key = models.BigIntegerField(primary_key=True)
    village = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.TextField(choices=list(GRID_KINDS.items()))
    name = models.TextField()
    households = models.IntegerField(null=True)
    closed = models.DateField(null=True)  # since when nobody serves there any more; matters may stand on it

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(key__gt=F("village_id")) & Q(key__lt=F("village_id") + 1000), name="grid_in_village"
            ),
            models.CheckConstraint(condition=Q(kind__in=list(GRID_KINDS)), name="grid_kind"),
            models.CheckConstraint(condition=Q(households__gte=0), name="grid_households"),
        )

    def __str__(self) -> str:
        return self.name


class Spot(models.Model):
    """Where a division or grid lies: degrees north and east, one point each. The public list has none."""

    place = models.BigIntegerField(primary_key=True)
    lat = models.FloatField()
    lon = models.FloatField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(lat__range=LATITUDES, lon__range=LONGITUDES), name="in_china"),
        )

    def __str__(self) -> str:
        return f"{self.lat}, {self.lon}"


class Unit(models.Model):
    id = models.AutoField(primary_key=True)
    slug = models.TextField(unique=True)
    name = models.TextField()
    name_en = models.TextField(blank=True, default="")
    kind = models.TextField(choices=list(UNIT_KINDS.items()), default="territory")
    level = models.TextField(choices=list(UNIT_LEVELS.items()))
    region = models.BigIntegerField(db_index=True)
    above = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    categories = ArrayField(models.TextField(), default=list)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["region", "level"], condition=Q(kind="territory"), name="one_territory_unit_per_place"
            ),
            models.CheckConstraint(condition=Q(kind__in=list(UNIT_KINDS)), name="unit_kind"),
            models.CheckConstraint(condition=Q(level__in=list(UNIT_LEVELS)), name="unit_level"),
            models.CheckConstraint(condition=~Q(above=F("id")), name="unit_not_above_itself"),
        )

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    id = models.AutoField(primary_key=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    role = models.TextField()
    person = models.TextField()
    starts = models.DateField()
    ends = models.DateField(null=True)
    absent_from = models.DateField(null=True)
    absent_to = models.DateField(null=True)
    stand_in = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(ends__gte=F("starts")), name="post_ends_after_start"),
            models.CheckConstraint(condition=Q(absent_to__gte=F("absent_from")), name="post_leave_in_order"),
        )

    def __str__(self) -> str:
        return f"{self.person} ({self.role})"

    def term(self) -> Term:
        return Term(
            self.id, self.unit_id, self.role, self.person, self.starts, self.ends,
            self.absent_from, self.absent_to, self.stand_in_id,
        )  # fmt: skip


class UnitHours(models.Model):
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+", db_index=False)
    since = models.DateField()
    spans = models.TextField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["unit", "since"], name="hours_once_a_day"),)

    def __str__(self) -> str:
        return self.spans


class CalendarDay(models.Model):
    county = models.BigIntegerField()
    day = models.DateField()
    works = models.BooleanField()
    reason = models.TextField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["county", "day"], name="one_word_per_county_day"),)

    def __str__(self) -> str:
        return f"{self.day} {self.reason}"


class Revision(models.Model):
    """One row per change. The number comes from a sequence, so one that was rolled back is never met again."""

    what = models.TextField()

    def __str__(self) -> str:
        return f"{self.pk} {self.what}"
