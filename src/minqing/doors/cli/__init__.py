"""The command line `minqing`: one table of commands, each loaded when it is called.

So `minqing clock due` needs neither Django nor a database. What a person can mend is printed as one sentence on
stderr, exit code 2; a traceback is a fault of ours.
"""

from __future__ import annotations

import click

from minqing import __version__
from minqing.base.errors import MinqingError
from minqing.doors.cli.table import load_command

# name -> "module:attribute"; one line a command, in the order of `minqing --help`
COMMANDS: dict[str, str] = {
    "clock": "minqing.doors.cli.clock:clock",
    "methods": "minqing.doors.cli.methods:methods",
    "simulate": "minqing.doors.cli.simulate:simulate",
    "text": "minqing.doors.cli.text:text",
}


# The same for commands that keep matters.
INSTANCE_COMMANDS: dict[str, str] = {
    "init": "minqing.doors.cli.init:init",
    "backup": "minqing.doors.cli.backup:backup",
    "demo": "minqing.doors.cli.demo:demo",
    "doctor": "minqing.doors.cli.doctor:doctor",
    "import": "minqing.doors.cli.imports:imports",
    "journal": "minqing.doors.cli.journal:journal",
    "measures": "minqing.doors.cli.measures:measures",
    "post": "minqing.doors.cli.post:post",
    "restore": "minqing.doors.cli.restore:restore",
    "serve": "minqing.doors.cli.serve:serve",
    "tick": "minqing.doors.cli.tick:tick",
    "token": "minqing.doors.cli.token:token",
    "user": "minqing.doors.cli.user:user",
    "vault": "minqing.doors.cli.vault:vault",
    "work": "minqing.doors.cli.work:work",
}


class Refused(click.ClickException):
    """The sentence of a MinqingError, as it stands."""

    exit_code = 2

    def show(self, file: object = None) -> None:
        click.echo(self.message, err=True)


class CommandTable(click.Group):
    """A group whose commands are named in COMMANDS and imported on use."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*COMMANDS, *INSTANCE_COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        place = COMMANDS.get(cmd_name) or INSTANCE_COMMANDS.get(cmd_name)
        if place is None:
            return None
        return load_command(place, keeps_matters=cmd_name in INSTANCE_COMMANDS)

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except MinqingError as fault:
            raise Refused(str(fault)) from fault


@click.group(cls=CommandTable, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="minqing")
def main() -> None:
    """民情：一事一码、一人负责、一个时限、一个答复。 / Every concern gets one code, owner, clock and answer."""
