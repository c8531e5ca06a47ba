"""What a matter has learnt to remember of its rounds and of a merger is told to old rows from their own journal."""

from django.db import migrations

from minqing.kernel.matters.migrations._replay import replay_those

KINDS = ["CalledBack", "Reopened", "AlarmRaised", "Linked"]


def project_rounds(apps, editor) -> None:
    """Of the matters that have had such an event."""
    replay_those(editor, "l.kind = any (%s)", (KINDS,))


class Migration(migrations.Migration):
    dependencies = (("matters", "0008_stakes"),)
    operations = (migrations.RunPython(project_rounds),)
