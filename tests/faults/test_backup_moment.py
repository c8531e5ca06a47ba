"""Point-in-time recovery of a served PostgreSQL by deploy/archive/moment.sh: between two acknowledged acts.

A server of its own in a temporary folder archives its log; two matters are reported, each acknowledged; recovered to a
moment between them, the first is there, the second is not, and the journal verifies.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from bench.stage import ROOT, environment_of, free_port, run_program, serving
from bench.walk import Client
from deploy.replica.cluster import Cluster, cluster
from deploy.replica.rehearse import County, furnished, stage_folder

pytestmark = pytest.mark.faults

SCRIPT = "moment.sh"


@pytest.fixture
def archived() -> Iterator[tuple[Path, County]]:
    """A county on a server that archives, with a base backup."""
    folder = stage_folder()
    shutil.copy(ROOT / "deploy" / "archive" / SCRIPT, folder / SCRIPT)  # where the server's account may read it
    (folder / SCRIPT).chmod(0o755)
    with cluster(folder / "data") as server:
        server.make()
        server.run(folder / SCRIPT, "enable", server.data, folder / "archive")
        server.start()
        server.make_county_database()
        county = furnished(server, folder / "home")
        server.run(
            folder / SCRIPT, "base", folder / "archive", f"--dbname=host=127.0.0.1 port={server.port} user=postgres"
        )
        yield folder, county
    shutil.rmtree(folder)


def _reported(county: County) -> tuple[str, str, str]:
    """The code of a matter, a moment after its acknowledgement, and the code of a second one reported after that."""
    port = free_port()
    environment = environment_of(county.home) | county.primary.urls
    body = {"title": "路灯不亮", "text": "村口的路灯不亮", "place": county.place, "channel": "hotline",
            "method": county.method}  # fmt: skip
    codes = []
    with (
        serving(port, 1, environment, county.home / "serve.log"),
        closing(Client(f"http://127.0.0.1:{port}")) as client,
    ):
        for _ in range(2):
            status, told, _ = client.ask("POST", "/api/v1/matters", county.token, body)
            assert status == 201, told
            codes.append(told["code"])
            if len(codes) == 1:
                time.sleep(0.2)
                between = str(county.primary.ask("select now()::text")[0][0])
                time.sleep(0.2)
    return codes[0], between, codes[1]


def test_a_county_comes_back_to_the_moment_between_two_acknowledged_acts(archived: tuple[Path, County]) -> None:
    folder, county = archived
    first, between, second = _reported(county)
    county.primary.ask("select pg_switch_wal()")
    county.primary.wait_for("select archived_count > 0 and failed_count = 0 from pg_stat_archiver")
    county.primary.stop()  # the last segment is archived at an orderly end
    (base,) = (folder / "archive").glob("base-*")
    with cluster(folder / "again") as again:
        again.run(folder / SCRIPT, "recover", folder / "archive", base, again.data, between)
        again.start()
        again.wait_for("select pg_get_wal_replay_pause_state() = 'paused'")
        assert _codes(again) == {first}, "looked at before it is opened"
        again.ask("select pg_wal_replay_resume()")
        again.wait_for("select not pg_is_in_recovery()")
        assert _codes(again) == {first}
        environment = environment_of(county.home) | again.urls
        assert "没有发现问题" in run_program(environment, "journal", "verify")
        assert "没有发现问题" in run_program(environment, "journal", "rebuild", "--compare")
    assert second != first


def _codes(server: Cluster) -> set[object]:
    return {code for (code,) in server.ask("select code from matters_matter", "county")}
