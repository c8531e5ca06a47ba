from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

ROLES = (
    ("grid_worker", "网格员"),
    ("village", "村（社区）"),
    ("town_centre", "乡镇中心"),
    ("department", "部门"),
    ("county_centre", "县级中心"),
    ("leader", "领导"),
    ("administrator", "管理员"),
    ("auditor", "审计"),
    ("volunteer", "志愿者"),
)


def _read(name: str) -> str:
    return Path(__file__).with_name(name).read_text()


class Migration(migrations.Migration):
    initial = True
    dependencies = (("regions", "0001_initial"),)
    operations = (
        migrations.CreateModel(
            name="User",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                ("login", models.TextField(unique=True)),
                ("name", models.TextField()),
                ("active", models.BooleanField(default=True)),
                ("created", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Seat",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                ("role", models.TextField(choices=list(ROLES))),
                (
                    "post",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="regions.post"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.user"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("role__in", [slug for slug, _ in ROLES])), name="seat_role"
                    )
                ],
            },
        ),
        migrations.RunSQL(_read("0001_tokens.sql")),
        migrations.RunSQL(_read("0001_seat.sql")),
    )
