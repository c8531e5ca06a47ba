"""The roof: what it names is what stands below."""

from __future__ import annotations

import ast
import subprocess
from collections import Counter
from pathlib import Path

from procrastinate.contrib.django import app

from minqing.kernel.matters.events import EVENTS
from minqing.kernel.matters.outbox import by_reaction, name_of
from minqing.tools.text.urgency import urgency_tags
from minqing.wiring import reactions
from minqing.wiring.jobs import JOBS
from minqing.wiring.notices import BECOMES, put_notices_of
from minqing.wiring.reactions import REACTIONS
from minqing.wiring.vocabulary import TAGS, VOCABULARY


def test_the_tags_of_the_vocabulary_are_those_the_reader_gives() -> None:
    assert frozenset(urgency_tags()) == TAGS


def test_every_category_of_the_tree_can_be_named_in_a_method() -> None:
    assert "utilities/water" in VOCABULARY.categories and "utilities" in VOCABULARY.categories


def test_a_reaction_is_wired_once_to_an_event_and_has_a_name_of_its_own():
    for event, wired in REACTIONS.items():
        assert event in EVENTS and [name for name, n in Counter(map(name_of, wired)).items() if n > 1] == [], event
    wired = {reaction for named in REACTIONS.values() for reaction in named}
    assert len(by_reaction(REACTIONS)) == len(wired) and not any("<" in name_of(one) for one in wired)


def test_no_event_stands_twice_in_the_table_of_reactions():
    """A second line of the same event would silently replace the first."""
    tree = ast.parse(Path(reactions.__file__).read_text("utf-8"))
    (table,) = [node.value for node in tree.body if isinstance(node, ast.AnnAssign)]
    assert isinstance(table, ast.Dict) and None not in table.keys
    assert len(table.keys) == len(REACTIONS)


def test_every_event_that_becomes_a_notice_is_wired_to_the_notices():
    assert {event for event, wired in REACTIONS.items() if put_notices_of in wired} == set(BECOMES)


def test_every_job_has_one_name_and_is_known_to_the_queue_once():
    names = [job.name for job in JOBS]
    assert len(set(names)) == len(names)
    known = {task.task.name for task in app.periodic_registry.periodic_tasks.values()}
    assert known == set(names)
    for name in names:
        assert app.tasks[name].queueing_lock == app.tasks[name].lock == name


def test_make_run_starts_the_server_and_the_worker_after_the_county() -> None:
    root = Path(__file__).parents[2]
    asked = ["make", "--dry-run", "run", "PORT=8123", "RUN_SECONDS=5"]
    told = subprocess.run(asked, cwd=root, capture_output=True, text=True, check=True).stdout
    commands = ["minqing demo", "minqing serve --port 8123 &", "minqing work &", "sleep 5 &", "wait -n"]
    places = [told.index(command) for command in commands]
    assert places == sorted(places)
