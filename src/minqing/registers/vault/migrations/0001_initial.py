from pathlib import Path

from django.db import migrations


def _read(name: str) -> str:
    return Path(__file__).with_name(name).read_text()


class Migration(migrations.Migration):
    initial = True
    dependencies = ()
    operations = (
        migrations.RunSQL(_read("0001_tables.sql")),
        migrations.RunSQL(_read("0001_functions.sql")),
    )
