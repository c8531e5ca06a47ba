"""What is deployed calls commands and options that exist, keeps its locks, and copies what is there."""

from __future__ import annotations

import json
import os
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
from minqing.base import moments
from minqing.doors.cli import main

ROOT = Path(__file__).parents[2]
MOMENT = ROOT / "deploy" / "archive" / "moment.sh"
SYSTEMD, CONTAINER = ROOT / "deploy" / "systemd", ROOT / "deploy" / "container" / "Containerfile"
SERVICES = sorted(SYSTEMD.glob("*.service"))
BACKUP = SYSTEMD / "minqing-backup.service"
UNITS = sorted(path for path in SYSTEMD.iterdir() if path.suffix != ".example")
STAYING = [path for path in SERVICES if path != BACKUP]
PROGRAM = "/opt/minqing/current/.venv/bin/minqing"
#: Without these a service that is broken into reaches the machine.
LOCKS = {
    "NoNewPrivileges": "yes", "ProtectSystem": "strict", "ProtectHome": "yes", "PrivateTmp": "yes",
    "PrivateDevices": "yes", "CapabilityBoundingSet": "", "RestrictSUIDSGID": "yes", "UMask": "0077",
    "SystemCallFilter": "@system-service", "User": "minqing", "EnvironmentFile": "/etc/minqing/minqing.env",
}  # fmt: skip
#: What the units say, section by section, as systemd 252 knows it: a setting it does not know it passes over.
KNOWN = {
    "Unit": "Description Documentation Requires Wants After PartOf RequiresMountsFor",
    "Install": "WantedBy",
    "Socket": "ListenStream Backlog NoDelay DeferAcceptSec",
    "Timer": "OnCalendar Persistent",
    "Service": "Type ExecStartPre ExecStart ExecStartPost ExecReload Restart RestartSec KillMode TimeoutStopSec User"
    " Group StateDirectory StateDirectoryMode Environment EnvironmentFile WorkingDirectory NoNewPrivileges"
    " CapabilityBoundingSet AmbientCapabilities ProtectSystem ReadWritePaths ProtectHome PrivateTmp PrivateDevices"
    " ProtectClock ProtectControlGroups ProtectHostname ProtectKernelLogs ProtectKernelModules ProtectKernelTunables"
    " ProtectProc RestrictAddressFamilies RestrictNamespaces RestrictRealtime RestrictSUIDSGID LockPersonality"
    " RemoveIPC SystemCallArchitectures SystemCallFilter SystemCallErrorNumber UMask LimitNOFILE",
}


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
    assert told["StateDirectory"] == "minqing"
    assert "MINQING_HOME=/var/lib/minqing" in (SYSTEMD / "minqing.env.example").read_text("utf-8").splitlines()
    assert "MINQING_HOME=" not in path.read_text("utf-8"), "it stands once, where commands by hand find it too"


@pytest.mark.parametrize("path", STAYING, ids=lambda path: path.name)
def test_a_service_that_ends_is_started_again(path: Path) -> None:
    assert Unit(path)["Service"]["Restart"] == "always"


def test_the_backup_of_the_night_looks_for_its_disk_from_outside_and_may_write_there_alone() -> None:
    told, timer = Unit(BACKUP)["Service"], Unit(SYSTEMD / "minqing-backup.timer")["Timer"]
    assert (told["Type"], told["ExecStartPre"]) == ("oneshot", "+/usr/bin/mountpoint -q /mnt/backup")
    assert told["ReadWritePaths"] == "/mnt/backup -/mnt/stick" and told["ExecStart"].endswith(" backup /mnt/backup")
    assert (timer["OnCalendar"], timer["Persistent"]) == ("*-*-* 01:30:00", "yes")


def test_the_target_wants_every_unit_and_each_names_those_that_exist() -> None:
    units = {path.name for path in SYSTEMD.iterdir()}
    wanted = set(Unit(SYSTEMD / "minqing.target")["Unit"]["Wants"].split())
    assert wanted == {name for name in units if name.endswith((".service", ".socket"))} - {BACKUP.name}
    for path in SYSTEMD.glob("minqing*.*"):
        named = set(re.findall(r"\bminqing[\w-]*\.(?:service|socket|target|timer)\b", path.read_text("utf-8")))
        assert named <= units, path.name


def test_settings_of_the_example_are_those_the_program_reads() -> None:
    source = "\n".join(path.read_text("utf-8") for path in (ROOT / "src").rglob("*.py"))
    names = re.findall(r"^#? ?([A-Z_]+)=", (SYSTEMD / "minqing.env.example").read_text("utf-8"), re.M)
    assert len(names) == 7 and [name for name in names if f'"{name}"' not in source] == []


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_a_unit_says_nothing_that_systemd_does_not_know(path: Path) -> None:
    told = Unit(path)
    unknown = {name: set(told[name]) - set(KNOWN.get(name, "").split()) for name in told.sections()}
    assert {name: names for name, names in unknown.items() if names} == {} and set(told.sections()) <= set(KNOWN)


if shutil.which("systemd-analyze"):  # elsewhere there is no such test, and the one above has to do

    def test_systemd_itself_finds_nothing_wrong(tmp_path: Path) -> None:
        for path in UNITS:
            text = path.read_text("utf-8").replace(PROGRAM, sys.executable)
            (tmp_path / path.name).write_text(text.replace("User=minqing", "User=root").replace("Group=minqing", ""))
        units = [str(tmp_path / path.name) for path in UNITS]
        done = subprocess.run(
            ["systemd-analyze", "verify", "--man=no", *units], capture_output=True, text=True, check=False
        )
        assert [line for line in done.stderr.splitlines() if "minqing" in line] == []


def _line(page: str, begins: str) -> str:
    """The one line of a page that begins so, as one copies it."""
    lines = [line.strip() for line in (ROOT / "docs" / page).read_text("utf-8").splitlines()]
    (found,) = [line for line in lines if line.startswith(begins)]
    return found


def _folders(tmp_path: Path) -> tuple[Path, Path, dict[str, str]]:
    """A home and a disk of backups with an old and a new one of data and of keys; an environment file for both."""
    home, disk = tmp_path / "home", tmp_path / "disk"
    (home / "keys").mkdir(parents=True)
    old = moments.now().timestamp() - 37 * 86400
    for name in ("minqing-20260101-013000", "keys-20260101-013000", "minqing-20991231-013000", "keys-20991231-013000"):
        (disk / name).mkdir(parents=True)
        if "2026" in name:
            os.utime(disk / name, (old, old))
    (tmp_path / "env").write_text(f"# of the units\nMINQING_HOME={home}\nDATABASE_URL='postgresql://a:b$c&d@h/x'\n")
    return home, disk, {"PATH": "/usr/bin:/bin", "MINQING_HOME": str(home)}


LEFT = ["keys-20260101-013000", "keys-20991231-013000", "minqing-20991231-013000"]


def test_after_the_backup_of_the_night_old_data_go_keys_stay_and_the_list_of_erasures_is_copied(tmp_path: Path) -> None:
    home, disk, environment = _folders(tmp_path)
    after = [line.split("=", 1)[1] for line in Unit(BACKUP).lines if line.startswith("ExecStartPost=")]
    for listed in (None, "7KQ2-9XR3\n"):
        if listed:
            (home / "keys" / "erased.list").write_text(listed)
        for line in after:
            words = [word.replace("/mnt/backup", str(disk)) for word in shlex.split(line)]
            subprocess.run(words, env=environment, cwd=tmp_path, check=True)
    assert sorted(path.name for path in disk.iterdir()) == sorted([*LEFT, "erased.list"])
    assert (disk / "erased.list").read_text() == "7KQ2-9XR3\n"


def test_the_line_of_the_cron_table_brings_the_environment_and_deletes_no_keys(tmp_path: Path) -> None:
    home, disk, environment = _folders(tmp_path)
    line = _line("backup.md", "30 1 * * * ").removeprefix("30 1 * * * ")
    assert "%" not in line, "cron takes it for the end of the line"
    parses(shlex.split(re.search(rf"{PROGRAM} (.*?) &&", line)[1]))  # type: ignore[index]
    program = tmp_path / "minqing"
    program.write_text(f'#!/bin/sh\necho "$@ $MINQING_HOME $DATABASE_URL" >{tmp_path}/told\n')
    program.chmod(0o755)
    line = line.replace("/etc/minqing/minqing.env", f"{tmp_path}/env").replace(PROGRAM, str(program))
    line = line.replace("/mnt/backup", str(disk))
    done = subprocess.run(["/bin/sh", "-c", line], env={"PATH": environment["PATH"]}, check=False)
    assert done.returncode != 0 and not (tmp_path / "told").exists(), "nothing is mounted there"
    mounted = line.replace("mountpoint -q", "test -d")
    subprocess.run(["/bin/sh", "-c", mounted], env={"PATH": environment["PATH"]}, check=True)
    assert (tmp_path / "told").read_text() == f"backup {disk} {home} postgresql://a:b$c&d@h/x\n"
    assert sorted(path.name for path in disk.iterdir()) == LEFT


def test_a_command_run_as_the_account_has_the_environment_and_tells_its_exit_code(tmp_path: Path) -> None:
    home, _, environment = _folders(tmp_path)
    program = tmp_path / "minqing"
    program.write_text('#!/bin/sh\necho "$1|$2|$MINQING_HOME|$DATABASE_URL|$HOME|$PWD|$(umask)"; exit 7\n')
    program.chmod(0o755)
    line = _line("operations.md", "as_minqing() {").replace("/etc/minqing/minqing.env", f"{tmp_path}/env")
    line = line.replace(PROGRAM, str(program)).replace("runuser -u minqing --", "env")
    done = subprocess.run(
        ["bash", "-c", f"{line}\nas_minqing doctor 'a b'"], env={"PATH": environment["PATH"]}, capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (7, "")
    assert done.stdout == f"doctor|a b|{home}|postgresql://a:b$c&d@h/x|{home}|{home}|0077\n"


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
