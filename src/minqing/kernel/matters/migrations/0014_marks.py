from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = (("matters", "0013_rounds"), ("vault", "0004_mark_names"))
    operations = (migrations.RunSQL(Path(__file__).with_name("0014_marks.sql").read_text()),)
