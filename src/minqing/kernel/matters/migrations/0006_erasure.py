from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = (("matters", "0005_outbox"),)
    operations = (migrations.RunSQL(Path(__file__).with_name("0006_erasure.sql").read_text()),)
