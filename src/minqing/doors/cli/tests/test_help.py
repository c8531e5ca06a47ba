"""Every command helps, in a fresh process, without a database."""

from __future__ import annotations

import subprocess
import sys

import pytest

from minqing.doors.cli import COMMANDS, INSTANCE_COMMANDS

RUN = "from minqing.wiring.start import main; main()"


@pytest.mark.parametrize("command", [[], *([name] for name in (*COMMANDS, *INSTANCE_COMMANDS))], ids=" ".join)
def test_every_command_helps(command: list[str], tmp_path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", RUN, *command, "--help"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=False,
        env={"MINQING_HOME": str(tmp_path / "home"), "PATH": "", "LANG": "C.UTF-8"},
    )
    assert done.returncode == 0 and "Usage" in done.stdout, done.stderr[-600:]
    assert any("\u4e00" <= letter <= "\u9fff" for letter in done.stdout), "Chinese first"
    assert not (tmp_path / "home").exists(), "help starts no database"
