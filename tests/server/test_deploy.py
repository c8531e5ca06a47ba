"""What is deployed calls commands and options that exist, keeps its locks, and copies what is there."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
from configparser import RawConfigParser
from importlib import metadata
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from minqing import __version__
from minqing.doors.cli import main

ROOT = Path(__file__).parents[2]
MOMENT = ROOT / "deploy" / "archive" / "moment.sh"
SYSTEMD, CONTAINER = ROOT / "deploy" / "systemd", ROOT / "deploy" / "container" / "Containerfile"
SERVICES = sorted(SYSTEMD.glob("*.service"))
PROGRAM = "/opt/minqing/current/.venv/bin/minqing"
#: Without these a service that is broken into reaches the machine.
LOCKS = {
    "NoNewPrivileges": "yes", "ProtectSystem": "strict", "ProtectHome": "yes", "PrivateTmp": "yes",
    "PrivateDevices": "yes", "CapabilityBoundingSet": "", "RestrictSUIDSGID": "yes", "UMask": "0077",
    "SystemCallFilter": "@system-service", "User": "minqing", "Restart": "always",
}  # fmt: skip


class Unit(RawConfigParser):
    """A unit as systemd reads it: names are as written, one may stand several times."""

    def __init__(self, path: Path) -> None:
        super().__init__(strict=False, delimiters=("=",), comment_prefixes=("#",), interpolation=None)
        self.optionxform = str
        self.read(path, "utf-8")
        self.lines = path.read_text("utf-8").splitlines()


def parses(words: list[str]) -> click.Context:
    """The command as click reads it; nothing is run."""
    command = main.get_command(click.Context(main), words[0])
    assert command is not None, f"no command {words[0]}"
    return command.make_context(words[0], words[1:])


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.name)
def test_a_service_starts_a_command_that_exists_with_options_that_it_has(path: Path) -> None:
    program, *words = shlex.split(Unit(path)["Service"]["ExecStart"])
    assert program == PROGRAM
    parses(words)
    with pytest.raises(click.ClickException):
        parses([*words, "--no-such-option"])


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.name)
def test_a_service_is_locked_in(path: Path) -> None:
    told = Unit(path)["Service"]
    assert {name: told.get(name) for name in LOCKS} == LOCKS
    assert told["StateDirectory"] == "minqing" and "Environment=MINQING_HOME=/var/lib/minqing" in Unit(path).lines


def test_the_target_wants_every_unit_and_each_names_those_that_exist() -> None:
    units = {path.name for path in SYSTEMD.iterdir()}
    wanted = set(Unit(SYSTEMD / "minqing.target")["Unit"]["Wants"].split())
    assert wanted == {name for name in units if name.endswith((".service", ".socket"))}
    for path in SYSTEMD.glob("minqing*.*"):
        named = set(re.findall(r"\bminqing[\w-]*\.(?:service|socket|target)\b", path.read_text("utf-8")))
        assert named <= units, path.name


def test_settings_of_the_example_are_those_the_program_reads() -> None:
    source = "\n".join(path.read_text("utf-8") for path in (ROOT / "src").rglob("*.py"))
    names = re.findall(r"^#? ?([A-Z_]+)=", (SYSTEMD / "minqing.env.example").read_text("utf-8"), re.M)
    assert len(names) == 6 and [name for name in names if f'"{name}"' not in source] == []


def test_systemd_itself_finds_nothing_wrong(tmp_path: Path) -> None:
    """Where systemd is installed; elsewhere the tests above have to do."""
    if shutil.which("systemd-analyze") is None:
        return
    for path in SYSTEMD.iterdir():
        text = path.read_text("utf-8").replace(PROGRAM, sys.executable)
        (tmp_path / path.name).write_text(text.replace("User=minqing", "User=root").replace("Group=minqing", ""))
    units = [str(tmp_path / path.name) for path in SYSTEMD.iterdir() if path.suffix != ".example"]
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *units], capture_output=True, text=True, check=False
    )
    assert [line for line in done.stderr.splitlines() if "minqing" in line] == []


def _stages() -> list[list[str]]:
    """Instructions of the container file, stage by stage, each on one line."""
    whole = re.sub(r"\\\n\s*", " ", CONTAINER.read_text("utf-8"))
    stages: list[list[str]] = []
    for line in whole.splitlines():
        if line.startswith("FROM "):
            stages.append([])
        if stages and line and not line.startswith("#"):
            stages[-1].append(line)
    return stages


def test_the_container_runs_the_server_as_an_account_without_rights_from_the_locks() -> None:
    made, run = _stages()
    assert any("--require-hashes locks/runtime.lock" in line for line in made)
    told = {line.split(" ", 1)[0]: line.split(" ", 1)[1] for line in run}
    assert told["USER"] == "10001" and told["ENTRYPOINT"] == '["python", "-m", "minqing.wiring.start"]'
    context = parses(json.loads(told["CMD"]))
    assert (context.params["host"], context.params["port"]) == ("0.0.0.0", int(told["EXPOSE"]))
    assert "make" not in " ".join(line for line in run if line.startswith("RUN"))


def test_what_the_container_copies_is_there() -> None:
    made, run = _stages()
    for line in (*made, *run):
        if line.startswith("COPY ") and "--from" not in line:
            *sources, _ = line.split()[1:]
            assert [name for name in sources if not (ROOT / name).exists()] == [], line


def test_the_program_starts_as_the_container_starts_it() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "minqing.wiring.start", "serve", "--help"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0 and "--workers" in done.stdout


def test_the_version_is_told_where_no_metadata_are_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """In the container nothing but a line in the path leads to the package."""

    def none(name: str) -> metadata.Distribution:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "distribution", none)
    assert CliRunner().invoke(main, ["--version"]).output == f"minqing, version {__version__}\n"
    asked = re.compile(r"""(version|distribution|metadata|requires|files)\(["']minqing["']|package_name=""")
    assert [path for path in (ROOT / "src").rglob("*.py") if asked.search(path.read_text("utf-8"))] == []


def _moment(folder: Path, *words: str) -> None:
    """The script as an administrator calls it from some folder; no server is needed for it."""
    subprocess.run([MOMENT, *words], cwd=folder, env={"PATH": "/usr/bin:/bin", "BIN": "/nowhere"}, check=True)


def _set(data: Path) -> dict[str, str]:
    """What the server reads; a setting told twice is a fault."""
    pairs = [line.split(" = ", 1) for line in (data / "postgresql.auto.conf").read_text().splitlines()]
    assert len({name for name, _ in pairs}) == len(pairs)
    return dict(pairs)  # type: ignore[arg-type]


def test_archiving_and_recovering_leave_nothing_of_one_another(tmp_path: Path) -> None:
    """Also after ALTER SYSTEM, which keeps no comment; a folder told from where one stands is found by the server."""
    data, new = tmp_path / "data", tmp_path / "new"
    data.mkdir()
    (data / "PG_VERSION").write_text("15\n")
    (data / "backup_manifest").write_text("{}")
    old = "recovery_target_time = 'x'\nrecovery_target = 'immediate'\nrestore_command = 'cp'\narchive_mode = 'off'\n"
    (data / "postgresql.auto.conf").write_text(f"{old}wal_keep_size = '1GB'\n")
    for _ in range(2):
        _moment(tmp_path, "enable", "data", "archive")
        assert set(_set(data)) == {"wal_keep_size", "wal_level", "archive_mode", "archive_command", "archive_timeout"}
    assert (_set(data)["archive_mode"], _set(data)["wal_keep_size"]) == ("'on'", "'1GB'")
    assert _set(data)["archive_command"].startswith(f'\'"{tmp_path}/archive/keep"')
    _moment(tmp_path, "recover", "archive", "data", "new", "2026-11-22 10:05:30+08")
    told = _set(new)
    assert (told["archive_mode"], told["recovery_target_time"]) == ("'off'", "'2026-11-22 10:05:30+08'")
    assert "archive_command" not in told and f"{tmp_path}/archive/log/%f" in told["restore_command"]
    _moment(tmp_path, "enable", "new", "again")
    assert not [name for name in _set(new) if name.startswith("re")] and _set(new)["archive_mode"] == "'on'"
