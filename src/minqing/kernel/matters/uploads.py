"""A file is put on record: made anew by the vault, sealed, and named in the journal by its keyed hash."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from minqing.kernel.matters.actions import Acted, Said, act_saying
from minqing.kernel.matters.bodies import name_of
from minqing.kernel.matters.commands import Command, Refusal
from minqing.kernel.matters.entries import Body, File
from minqing.kernel.matters.journal import Request
from minqing.kernel.matters.reading import read_one
from minqing.kernel.matters.rights import check_right
from minqing.registers.accounts.rules import Viewer
from minqing.registers.vault.files import clean_upload


@dataclass(frozen=True)
class Upload:
    """A file as it comes in. `record`: the paper of the method that it is ('' for none); `keep_position`: of a photo,
    sealed beside it."""

    data: bytes
    name: str = ""
    record: str = ""
    keep_position: bool = False


def check_fits(upload: Upload) -> None:
    """Raises the BadInput that `attach` would: before a matter is made that rests on the file."""
    clean_upload(upload.data, upload.name)


def attach(
    code: str, viewer: Viewer, upload: Upload, *, expect: int | None = None, request: Request | None = None
) -> Acted | Refusal:
    """Puts a picture, PDF or recording on record. BadInput says what is not taken: other kinds, more than 10 MB."""
    check_right(viewer, "act")
    seen = read_one(viewer.scope, code)  # before the file: whoever sees no matter is told the same of every file
    clean = clean_upload(upload.data, upload.name, upload.keep_position)
    name = name_of(code, "file", hashlib.sha256(clean.data).hexdigest())
    bodies: tuple[Body, ...] = ()
    if clean.latitude is not None and clean.longitude is not None:
        where = {"lat": clean.latitude, "lon": clean.longitude}
        bodies = (Body(f"{name}.position", "location", json.dumps(where)),)
    command = Command("record", records=(upload.record,) if upload.record else (), body=name)
    said = Said(files=(File(name, clean.media, clean.title, clean.data),), bodies=bodies)
    return act_saying(code, command, viewer, said, expect=expect, request=request, seen=seen)
