from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    dependencies = (("matters", "0001_initial"),)
    operations = (migrations.RunSQL(Path(__file__).with_name("0001_tables.sql").read_text()),)
