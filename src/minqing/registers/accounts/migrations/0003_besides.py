from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = (("accounts", "0002_seat"),)
    operations = (migrations.RunSQL(Path(__file__).with_name("0003_besides.sql").read_text()),)
