"""What reporters answered to a call-back binds whoever makes it: old rows learn it from their own journal."""

from django.db import migrations

from minqing.kernel.matters.migrations._replay import replay_those

#: An answer is a note of the reporter's that says `to`; no other note does.
ANSWERED = """l.kind = 'Acted' and l.data::jsonb @> '{"verb": "note", "role": "reporter"}' and l.data::jsonb ? 'to'"""


def project_answers(apps, editor) -> None:
    """Of the matters that have an answer."""
    replay_those(editor, ANSWERED)


class Migration(migrations.Migration):
    dependencies = (("matters", "0010_call_backs"),)
    operations = (migrations.RunPython(project_answers),)
