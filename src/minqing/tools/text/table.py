"""Tables from outside: a labelled file as offices hand it over. UTF-8 with or without mark, else GB18030; NUL is read
as a blank. Which column is the label and which are the text is told, or found: first the label, then the text.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from minqing.base.errors import BadInput

_LONGEST_CELL = 4_000_000


@dataclass(frozen=True)
class Labelled:
    """(title, text) and the label of each; how many rows were left out because label or text was empty. A single text
    column is the text; of several the first is the title."""

    pairs: tuple[tuple[str, str], ...]
    labels: tuple[str, ...]
    left_out: int = 0


def read_text(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise BadInput(f"{path}: 文件打不开。 The file cannot be read: {error.strerror}.") from error
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return _decoded(path, raw, "utf-16")
    try:
        return raw.decode("utf-8-sig").replace("\0", " ")
    except UnicodeDecodeError:
        return _decoded(path, raw, "gb18030")


def _decoded(path: Path, raw: bytes, encoding: str) -> str:
    try:
        return raw.decode(encoding).replace("\0", " ")
    except UnicodeDecodeError as error:
        raise BadInput(
            f"{path}: 文件编码不是 UTF-8 也不是 GB18030，请另存为 CSV UTF-8。"
            f" Neither UTF-8 nor GB18030 from byte {error.start} on."
        ) from error


def read_labelled(path: Path, label_column: str | None = None, text_columns: Sequence[str] = ()) -> Labelled:
    rows = _rows(path)
    if not rows:
        raise BadInput(f"{path}: 文件是空的。 The file is empty: a header and rows are expected.")
    header = [name.strip() for name in rows[0]]
    label, texts = _columns(path, header, label_column, text_columns)
    heads, tails = (texts[:1], texts[1:]) if len(texts) > 1 else ([], texts)
    marked = [(_cell(row, label), (_joined(row, heads), _joined(row, tails))) for row in rows[1:]]
    kept = [(mark, pair) for mark, pair in marked if mark and any(pair)]
    if not kept:
        raise BadInput(f"{path}: 没有一行同时有标签和正文。 No row has both a label and a text.")
    return Labelled(tuple(pair for _, pair in kept), tuple(mark for mark, _ in kept), len(marked) - len(kept))


def _rows(path: Path) -> list[list[str]]:
    before = csv.field_size_limit(_LONGEST_CELL)
    try:
        return [row for row in csv.reader(io.StringIO(read_text(path), newline="")) if any(map(str.strip, row))]
    except csv.Error as error:
        raise BadInput(f"{path}: 表格读不下去。 Not readable as CSV: {error}.") from error
    finally:
        csv.field_size_limit(before)


def _cell(row: Sequence[str], column: int) -> str:
    return row[column].strip() if column < len(row) else ""


def _joined(row: Sequence[str], columns: Sequence[int]) -> str:
    return "\n".join(filter(None, (_cell(row, n) for n in columns)))


def _columns(path: Path, header: Sequence[str], label: str | None, texts: Sequence[str]) -> tuple[int, list[int]]:
    at = _place(path, header, label) if label else 0
    found = [_place(path, header, name) for name in texts] or [n for n in range(len(header)) if n != at]
    if not found or at in found:
        raise BadInput(f"{path}: 至少要有一列标签、一列正文。 One label column and another text column are needed.")
    return at, found


def _place(path: Path, header: Sequence[str], name: str) -> int:
    if name not in header:
        raise BadInput(f"{path}: 没有“{name}”这一列，现有：{'、'.join(header)}。 There is no column {name!r}.")
    return header.index(name)
