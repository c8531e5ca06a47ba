from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = (("matters", "0008_look"), ("vault", "0002_functions"))
    operations = (migrations.RunSQL(Path(__file__).with_name("0009_guards.sql").read_text()),)
