"""That second factors were taken off is told from the journal: a mark here could be cleared in the person's name."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = (("accounts", "0005_saved_views"),)
    operations = (migrations.RemoveField("User", "factors_dropped"),)
