"""A person's copy of what is kept about the matters they reported (个人信息保护法 art. 45): a ZIP of JSON and files.

Every value that is opened for it leaves a line in the access stream, with the keyed hash of the reason.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import IO

from minqing.base import moments
from minqing.registers.vault.access import checked, name_of_reason, write_lines
from minqing.registers.vault.queries import Named, names_of, open_file, open_values
from minqing.registers.vault.rights import find, own_matters

LABELS = {
    "title": "标题", "text": "正文", "name": "姓名", "phone": "电话", "address": "住址", "email": "电子邮箱",
    "id_number": "身份证号", "way": "希望的联系方式", "location": "现场位置", "reveal": "工作人员查阅的理由",
}  # fmt: skip
_EXPLAINED = (
    "这是您反映的事项中所保存的全部个人信息、文字和附件。每一项都写明了为什么保存、依据什么、保存到哪一天。"
    "要更正或删除，请联系受理单位。"
)
_ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "application/pdf": "pdf", "audio/wav": "wav"}


@dataclass(frozen=True)
class Copied:
    """What went into the copy; `others` are matters that mention the person but were brought by somebody else."""

    codes: tuple[str, ...]
    values: int
    files: int
    others: int = 0


def export_person(person: Mapping[str, str], reason: str, to: IO[bytes], actor: int = 0) -> Copied:
    """Writes the copy for whom these marks (kind -> value) prove; inside a transaction that sees the whole house. The
    caller keeps it only once that is over. Of other matters nothing is opened, and lines come before what they name."""
    said = checked(reason)
    mine = own_matters(person)
    found = find(person, said, actor)
    return replace(export_matters(mine, said, to, actor), others=len(set(found) - set(mine)))


def export_matters(codes: Collection[str], reason: str, to: IO[bytes], actor: int = 0) -> Copied:
    """The same of matters that were found to be the person's own."""
    said = checked(reason)
    own: list[dict[str, object]] = []
    values, files = 0, 0
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as packed:
        for code in codes:
            names = names_of(code)
            write_lines("Exported", {code: [_line(code, named, said) for named in names]}, actor)
            opened = open_values(code)
            own.append(_told(code, names, opened, packed))
            values, files = values + len(opened), files + len(names) - len(opened)
        told = {"说明": _EXPLAINED, "导出时间": moments.now().isoformat(), "事项": own}
        packed.writestr("个人信息.json", json.dumps(told, ensure_ascii=False, indent=1))
    return Copied(tuple(codes), values, files)


def _line(code: str, named: Named, reason: str) -> dict[str, object]:
    return {"name": named.name, "reason": name_of_reason(code, reason)}


def _told(
    code: str, names: tuple[Named, ...], opened: Mapping[str, bytes], packed: zipfile.ZipFile
) -> dict[str, object]:
    """One matter as the person reads it; its files are put beside."""
    words: list[dict[str, str]] = []
    files: list[dict[str, str]] = []
    for named in names:
        kept = {"为什么保存": named.purpose, "依据": named.ground, "保存到": str(named.ends)}
        if named.kind != "file":
            words.append({"名称": _label(named.kind), "内容": opened[named.name].decode()} | kept)
        elif (file := open_file(code, named.name)) is not None:
            place = f"附件/{code}-{len(files) + 1}.{_ENDINGS.get(file.media, 'bin')}"
            packed.writestr(place, file.data)
            files.append({"名称": file.title, "文件": place} | kept)
    return {"编码": code, "内容": words, "附件": files}


def _label(kind: str) -> str:
    if kind.startswith("form."):
        return f"表单：{kind.removeprefix('form.')}"
    return LABELS.get(kind, "反映人补充的话" if kind.startswith("reporter.") else "办理记录")
