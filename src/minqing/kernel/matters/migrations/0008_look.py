from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = (("matters", "0007_erasure"), ("vault", "0003_named"))
    operations = (migrations.RunSQL(Path(__file__).with_name("0008_look.sql").read_text()),)
