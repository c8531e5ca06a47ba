"""`minqing text`: train the classifier on the county's own labelled texts, score it, read one text with its reasons.
Needs no database. No text is printed by train and score."""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, TimeElapsedColumn
from rich.table import Table

from minqing.base.errors import BadInput
from minqing.tools.text.classify import Model
from minqing.tools.text.learning import train
from minqing.tools.text.mask import mask
from minqing.tools.text.model_file import load_model, save_model
from minqing.tools.text.reader import TextReader
from minqing.tools.text.score import Score, score
from minqing.tools.text.suggestion import Suggestion
from minqing.tools.text.table import Labelled, read_labelled
from minqing.tools.text.tree import Tree, load_tree, our_tree

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.group()
def text() -> None:
    """阅读：训练、打分、试读。 / Train, score and try the reader of texts."""


def _columns(command: Callable[..., None]) -> Callable[..., None]:
    command = click.option("--label-column", help="Column of the label (else the first).")(command)
    return click.option(
        "--text-column",
        "text_columns",
        multiple=True,
        help="Column of the text, repeatable; of several the first is the title.",
    )(command)


@text.command("train")
@click.argument("file", type=_FILE)
@_columns
@click.option("--out", type=_FILE, default=Path("text-model.npz"), show_default=True, help="Where the model goes.")
def train_command(file: Path, label_column: str | None, text_columns: tuple[str, ...], out: Path) -> None:
    """用本县已分类的留言训练。 / Learn from a labelled CSV file."""
    labelled = _masked(read_labelled(file, label_column, text_columns))
    model = train(labelled.pairs, labelled.labels)
    save_model(model, out)
    click.echo(f"已用 {model.trained_on} 条、{len(model.labels)} 类训练，模型存于 {out}。")
    _say_left_out(labelled)


@text.command("score")
@click.argument("file", type=_FILE)
@_columns
@click.option("--folds", type=click.IntRange(2, 50), default=5, show_default=True)
@click.option("--seed", type=click.IntRange(0, 2**32 - 1), default=0, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of tables.")
def score_command(
    file: Path, label_column: str | None, text_columns: tuple[str, ...], folds: int, seed: int, as_json: bool
) -> None:
    """交叉验证打分，并说明怎样提高。 / Cross-validate: macro-F1, its spread, each class, what would lift it."""
    labelled = _masked(read_labelled(file, label_column, text_columns))
    with _bar("评分", folds + 1) as advance:
        result = score(labelled.pairs, labelled.labels, folds, seed, advance)
    if as_json:
        click.echo(json.dumps(dataclasses.asdict(result), ensure_ascii=False))
        return
    _print_score(result)
    _say_left_out(labelled)


@text.command("read")
@click.argument("words", required=False)
@click.option("--title", default="", help="Title of the text.")
@click.option("--model", "model_file", type=_FILE, help="A trained model; without one the lexicon classes.")
@click.option("--tree", "tree_file", type=_FILE, help="Another category tree (YAML, or CSV with a column per level).")
@click.option("--json", "as_json", is_flag=True)
def read_command(words: str | None, title: str, model_file: Path | None, tree_file: Path | None, as_json: bool) -> None:
    """读一段文字，给出建议和理由。 / Read one text and say what is suggested, and why."""
    model: Model | None = load_model(model_file) if model_file else None
    tree: Tree = load_tree(tree_file) if tree_file else our_tree()
    given = words if words is not None else sys.stdin.buffer.read().decode("utf-8", "replace")
    if not (title + given).strip():
        raise BadInput("没有文字可读：写在命令后面，或从标准输入送进来。 Nothing to read: give a text or pipe one in.")
    suggestion = TextReader(model, tree).read(title, given)
    click.echo(json.dumps(dataclasses.asdict(suggestion), ensure_ascii=False) if as_json else _aloud(suggestion))


@contextmanager
def _bar(what: str, total: int) -> Iterator[Callable[[int], None]]:
    columns = (*Progress.get_default_columns()[:2], MofNCompleteColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(what, total=total)
        yield lambda steps: progress.advance(task, steps)


def _masked(labelled: Labelled) -> Labelled:
    """The model never sees a name or number that the mask catches."""
    pairs: list[tuple[str, str]] = []
    with _bar("脱敏", len(labelled.pairs)) as advance:
        for title, body in labelled.pairs:
            pairs.append((mask(title), mask(body)))
            advance(1)
    return dataclasses.replace(labelled, pairs=tuple(pairs))


def _print_score(result: Score) -> None:
    click.echo(f"macro-F1 {result.macro_f1:.4f} ± {result.spread:.4f}（{len(result.folds)} 折的平均与标准差）")
    click.echo("各折：" + "  ".join(f"{mark:.4f}" for mark in result.folds))
    table = Table("类别", "准确率", "召回率", "F1", "条数")
    for one in result.classes:
        table.add_row(one.label, f"{one.precision:.3f}", f"{one.recall:.3f}", f"{one.f1:.3f}", str(one.n))
    Console().print(table)
    click.echo("怎样提高：")
    for line in result.advice:
        click.echo(f"- {line}")


def _say_left_out(labelled: Labelled) -> None:
    if labelled.left_out:
        click.echo(f"有 {labelled.left_out} 行缺标签或正文，未采用。")


def _aloud(suggestion: Suggestion) -> str:
    lines = [f"类别：{suggestion.category_title}（{suggestion.category}，把握 {suggestion.confidence:.0%}）"]
    lines += [f"标签：{'、'.join(suggestion.tags)}"] if suggestion.tags else []
    lines += [f"- {reason.why}" for reason in suggestion.reasons]
    shown = [part for part in (suggestion.masked_title, suggestion.masked_text) if part.strip()]
    return "\n".join([*lines, "脱敏稿：", *shown])
