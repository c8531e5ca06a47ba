from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = (("matters", "0006_outbox"), ("vault", "0002_functions"))
    operations = (migrations.RunSQL(Path(__file__).with_name("0007_erasure.sql").read_text()),)
