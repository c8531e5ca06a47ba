from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = (("matters", "0006_erasure"),)
    operations = (migrations.RunSQL(Path(__file__).with_name("0007_guards.sql").read_text()),)
