"""Lists, counts, search and the brief of a day hold their pace at a million open matters."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = (("matters", "0011_answers"), ("ledger", "0001_initial"))
    operations = (migrations.RunSQL(Path(__file__).with_name("0012_lists.sql").read_text()),)
