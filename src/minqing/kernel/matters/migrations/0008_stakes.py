"""Rows from before the locks get what decides who sees them: else the accused would find what is said of them."""

from pathlib import Path

from django.db import migrations

from minqing.base.definitions import DefinitionErrors
from minqing.kernel.matters import ports
from minqing.kernel.matters.sensitivity import CLOSE_TAGS
from minqing.kernel.methods.loader import load_stored


def _read(name: str) -> str:
    return Path(__file__).with_name(name).read_text()


def narrow_close_emergencies(apps, editor) -> None:
    """An emergency told in a later note left no tags on the matter: those its words stand for speak."""
    with editor.connection.cursor() as cursor:
        cursor.execute(
            "select distinct m.method, m.version, m.state ->> 'emergency', v.text from matters_matter m"
            " left join matters_method_version v on (v.slug, v.version) = (m.method, m.version)"
            " where m.state ->> 'emergency' <> ''"
        )
        for method, version, slug, text in cursor.fetchall():
            if _is_close(method, slug, text):
                cursor.execute(
                    "update matters_matter set sensitivity = 1 where (method, version) = (%s, %s)"
                    " and state ->> 'emergency' = %s and sensitivity = 0",
                    [method, version, slug],
                )


def _is_close(method: str, slug: str, text: str | None) -> bool:
    """What cannot be read counts as close: that narrows who looks on, and slows nothing."""
    try:
        found = load_stored(text or "", ports.vocabulary(), method).emergencies
    except DefinitionErrors:
        return True
    return any(not CLOSE_TAGS.isdisjoint(one.tags) for one in found if one.slug == slug)


class Migration(migrations.Migration):
    dependencies = (("matters", "0007_guards"),)
    operations = (
        migrations.RunSQL(_read("0008_stakes.sql")),
        migrations.RunPython(narrow_close_emergencies),
        migrations.RunSQL(_read("0008_stakes_copied.sql")),
    )
