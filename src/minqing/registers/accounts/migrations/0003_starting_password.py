"""A starting password is not the user's own: whoever signs in with one chooses their own first."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("accounts", "0002_sign_in"),)
    operations = (migrations.AddField("User", "must_change", models.BooleanField(default=False)),)
