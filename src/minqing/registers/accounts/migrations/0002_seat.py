from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = (("accounts", "0001_initial"),)
    operations = (migrations.RunSQL(Path(__file__).with_name("0002_seat.sql").read_text()),)
