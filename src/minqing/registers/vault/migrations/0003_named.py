from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = (("vault", "0002_functions"),)
    operations = (migrations.RunSQL(Path(__file__).with_name("0003_named.sql").read_text()),)
