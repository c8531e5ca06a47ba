"""Whoever lost a second factor is told at the next sign-in that it was taken off."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("accounts", "0003_starting_password"),)
    operations = (migrations.AddField("User", "factors_dropped", models.DateTimeField(null=True)),)
