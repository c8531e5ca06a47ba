from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = (("matters", "0009_guards"),)
    operations = (migrations.RunSQL(Path(__file__).with_name("0010_keyed.sql").read_text()),)
