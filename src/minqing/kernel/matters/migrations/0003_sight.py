from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = (("matters", "0002_shift"), ("vault", "0001_initial"))
    operations = (migrations.RunSQL(Path(__file__).with_name("0003_sight.sql").read_text()),)
