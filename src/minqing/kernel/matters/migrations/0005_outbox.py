from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = (("matters", "0004_sealed"),)
    operations = (migrations.RunSQL(Path(__file__).with_name("0005_outbox.sql").read_text()),)
