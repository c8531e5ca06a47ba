"""Filters of a list that a user keeps under a name."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("accounts", "0004_factors_dropped"),)
    operations = (
        migrations.CreateModel(
            "SavedView",
            [
                ("id", models.AutoField(primary_key=True, serialize=False)),
                ("page", models.TextField()),
                ("name", models.TextField()),
                ("query", models.TextField()),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.user"
                    ),
                ),
            ],
            options={
                "constraints": (models.UniqueConstraint(fields=("user", "page", "name"), name="saved_view_named"),),
            },
        ),
    )
