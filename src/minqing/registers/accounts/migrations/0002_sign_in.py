"""Users may sign in with a password; one that nobody has set fits nothing."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("accounts", "0001_initial"),)
    operations = (
        migrations.AddField("User", "password", models.CharField(max_length=128, default="!", verbose_name="password")),
        migrations.AddField(
            "User", "last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")
        ),
        migrations.AlterField("User", "password", models.CharField(max_length=128, verbose_name="password")),
    )
