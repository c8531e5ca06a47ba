"""`minqing methods`: check, read, draw, compare and list method files; needs no database.

A file is named by its path or, where it lies in the folder `methods/`, by its slug. `check` prints every complaint as
file:line: sentence and then ends with 1.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import click

from minqing.base.definitions import Complaint
from minqing.base.errors import BadInput
from minqing.kernel.matters.ports import vocabulary
from minqing.kernel.methods.bpmn import bpmn
from minqing.kernel.methods.diff import diff as compare
from minqing.kernel.methods.draw import mermaid
from minqing.kernel.methods.loader import check_file, load_method
from minqing.kernel.methods.model import Method
from minqing.kernel.methods.read import read_aloud
from minqing.kernel.methods.remarks import remarks
from minqing.kernel.methods.schema import schema as file_schema

FOLDER = Path("methods")
LANG = click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True)
AS_JSON = click.option("--json", "as_json", is_flag=True, help="机读输出。 / For programs.")


@click.group()
def methods() -> None:
    """工作办法文件。 / Method files."""


@methods.command()
@click.argument("files", nargs=-1)
@AS_JSON
def check(files: Sequence[str], as_json: bool) -> None:
    """检查文件，不写文件名就检查 methods/ 下全部。 / Check files; without names, all in methods/."""
    paths = [found(name) for name in files] or in_folder()
    complaints = {str(path): check_file(path, vocabulary()) for path in paths}
    if as_json:
        click.echo(
            json.dumps(
                {path: [_plain(one) for one in each] for path, each in complaints.items()}, ensure_ascii=False, indent=2
            )
        )
    else:
        for path, each in complaints.items():
            click.echo("\n".join(str(one) for one in each) if each else f"{path}: ok")
            for remark in [] if each else remarks(load(path), path):
                click.echo(f"  {remark}")
    if any(complaints.values()):
        raise click.exceptions.Exit(1)


@methods.command()
@click.argument("file")
def read(file: str) -> None:
    """用中文朗读。 / Read a file aloud, in Chinese."""
    click.echo(read_aloud(load(file), vocabulary()), nl=False)


@methods.command()
@click.argument("file")
@click.option("--format", "how", type=click.Choice(["mermaid", "bpmn"]), default="mermaid", show_default=True)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="写入文件。 / Write to a file.")
@LANG
def draw(file: str, how: str, out: Path | None, lang: str) -> None:
    """画流程图。 / Draw a file as Mermaid or BPMN 2.0."""
    method = load(file)
    text = bpmn(method, vocabulary(), lang) if how == "bpmn" else mermaid(method, lang, vocabulary())
    if out is None:
        click.echo(text, nl=False)
        return
    try:
        out.write_text(text, "utf-8")
    except OSError as fault:
        raise BadInput(f"cannot write {out}: {fault.strerror}; name a file in a folder that exists") from fault
    click.echo(str(out))


@methods.command()
@click.argument("old")
@click.argument("new")
@LANG
@AS_JSON
def diff(old: str, new: str, lang: str, as_json: bool) -> None:
    """比较两个版本。 / Compare two versions, and say what it means for open matters."""
    before = load(old)
    found = compare(before, load(new), vocabulary())
    affected = found.affects_open([slug for slug, stage in before.stages.items() if stage.end is None])
    if as_json:
        click.echo(
            json.dumps(
                {
                    "changes": [
                        {"how": one.how, "part": one.part, "path": one.path, "zh": one.zh, "en": one.en}
                        for one in found.changes
                    ],
                    "open": [
                        {"stage": one.stage, "effect": one.effect, "zh": one.zh, "en": one.en} for one in affected
                    ],
                },
                ensure_ascii=False,
                indent=2,
            )
        )
        return
    said = [one.en if lang == "en" else one.zh for one in found.changes]
    if not said:
        click.echo("The two say the same." if lang == "en" else "两个版本内容相同。")
        return
    click.echo("\n".join(said))
    click.echo("\nOpen matters" if lang == "en" else "\n在办事项")
    click.echo("\n".join(one.en if lang == "en" else one.zh for one in affected))


@methods.command("list")
@AS_JSON
def list_(as_json: bool) -> None:
    """列出 methods/ 下的工作办法。 / List the methods in methods/."""
    rows = [load(str(path)) for path in in_folder()]
    if as_json:
        click.echo(
            json.dumps(
                [
                    {
                        "method": one.slug,
                        "version": one.version,
                        "zh": one.title.zh,
                        "en": one.title.en,
                        "place": one.place,
                        "source": one.source,
                    }
                    for one in rows
                ],
                ensure_ascii=False,
                indent=2,
            )
        )
        return
    for one in rows:
        click.echo(f"{one.slug}\t{one.version[:12]}\t{one.place}\t{one.source}\t{one.title.zh}")


@methods.command()
def schema() -> None:
    """供编辑器使用的 JSON Schema。 / JSON Schema for editors."""
    click.echo(json.dumps(file_schema(), ensure_ascii=False, indent=2))


def load(name: str) -> Method:
    """A method by path or slug; raises its complaints."""
    return load_method(found(name), vocabulary())


def found(name: str) -> Path:
    """The file of a path or slug. Raises BadInput with the names there are."""
    for path in (Path(name), FOLDER / f"{name}.yaml"):
        if path.is_file():
            return path
    known = ", ".join(path.stem for path in in_folder()) if FOLDER.is_dir() else "none, as there is no folder methods/"
    raise BadInput(f"no method file {name[:200]!r}: name a file, or a method of the folder methods/ (here: {known})")


def in_folder() -> list[Path]:
    """The files of methods/, sorted. Raises BadInput where there are none."""
    paths = sorted(FOLDER.glob("*.yaml"))
    if not paths:
        raise BadInput("there is no methods/*.yaml here: name files, or go to the folder that holds methods/")
    return paths


def _plain(complaint: Complaint) -> dict[str, object]:
    return {"line": complaint.line, "text": complaint.text}
