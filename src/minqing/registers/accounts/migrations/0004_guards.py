from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = (("accounts", "0003_besides"), ("vault", "0002_functions"))
    operations = (migrations.RunSQL(Path(__file__).with_name("0004_guards.sql").read_text()),)
