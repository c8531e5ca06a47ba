from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = (("matters", "0011_stakes"),)
    operations = (migrations.RunSQL(Path(__file__).with_name("0012_tries.sql").read_text()),)
