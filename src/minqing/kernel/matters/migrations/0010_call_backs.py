"""What waits to be called is found by itself, for those who are asked to call by a role of their own."""

from django.db import migrations

INDEX = """create index matters_duty_asking on matters_duty (colour, due, id) where state = 0 and kind = '@call-back'"""


class Migration(migrations.Migration):
    dependencies = (("matters", "0009_rounds"),)
    operations = (migrations.RunSQL(INDEX, "drop index matters_duty_asking"),)
