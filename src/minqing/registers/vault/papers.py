"""PDF files written anew, page by page, from a list of what a page may be: what shows, and nothing that acts.

Scripts, actions, links, attachments, forms' logic, layers, metadata and everything outside of a page stay behind;
of notes and filled fields only the look is kept. Photographs inside lose their EXIF (position, device).
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject, StreamObject

from minqing.base.errors import BadInput
from minqing.registers.vault.embedded import strip_picture

PAGES = 300
OBJECTS = 100_000
LARGEST = 20 * 1024 * 1024

_PAGE = {
    "/Type",
    "/Parent",
    "/MediaBox",
    "/CropBox",
    "/Rotate",
    "/Resources",
    "/Contents",
    "/Annots",
    "/Group",
    "/UserUnit",
}
_NOTES = {
    "/Widget", "/Stamp", "/FreeText", "/Highlight", "/Underline", "/StrikeOut", "/Squiggly", "/Ink", "/Line", "/Square",
    "/Circle", "/Polygon", "/PolyLine",
}  # fmt: skip
_NOTE = {
    "/Type",
    "/Subtype",
    "/Rect",
    "/F",
    "/AP",
    "/AS",
    "/Border",
    "/BS",
    "/C",
    "/IC",
    "/CA",
    "/QuadPoints",
    "/InkList",
    "/L",
    "/Vertices",
}
_NEVER = {
    "/Metadata", "/PieceInfo", "/AF", "/AA", "/A", "/OpenAction", "/JS", "/JavaScript", "/EmbeddedFiles", "/EF", "/OPI",
    "/Ref", "/StructParent", "/StructParents", "/LastModified", "/Info", "/Parent", "/P", "/Popup", "/Dest",
    "/Properties", "/OC", "/UF", "/FS", "/Alternates", "/Thumb", "/Measure", "/PtData",
}  # fmt: skip
#: What a dictionary is, by the way it was reached: of words of the format; of resources; of what a note looks like;
#: of names the file chose (nothing is taken away by its key there).
_Kind = Literal["words", "resources", "looks", "names"]
_RESOURCES = {"/Font", "/XObject", "/ExtGState", "/ColorSpace", "/Pattern", "/Shading", "/ProcSet"}
_LOOKS = {"/N", "/D", "/R"}
_Place = tuple[int, int, _Kind]  # number and generation of an object, and how it was reached
_BELOW: dict[str, _Kind] = {
    "/Resources": "resources", "/AP": "looks", "/CharProcs": "names", "/Colorants": "names",
}  # fmt: skip


@dataclass(frozen=True)
class Paper:
    """A PDF written anew."""

    data: bytes
    pages: int


def rewrite_pdf(data: bytes) -> Paper:
    """The PDF written anew; BadInput when it is broken, locked, or has too many pages."""
    try:
        paper = _rewritten(data)
    except BadInput:
        raise
    except Exception as fault:  # what a parser of foreign bytes raises is not to be foreseen
        raise BadInput("PDF 打不开，可能已损坏：请重新导出后上传（the PDF cannot be read）") from fault
    if len(paper.data) > LARGEST:
        raise BadInput("PDF 整理后超过 20 MB：请分开上传（the PDF is too large when unpacked）")
    return paper


def _rewritten(data: bytes) -> Paper:
    reader = PdfReader(io.BytesIO(data))
    if reader.is_encrypted:
        raise BadInput("PDF 有密码或限制：请先去掉密码再上传（the PDF is locked: remove its password first）")
    count = len(reader.pages)
    if not 0 < count <= PAGES:
        raise BadInput(f"PDF 有 {count} 页，可以上传 1 到 {PAGES} 页：请分开上传（1 to {PAGES} pages are taken）")
    writer = PdfWriter()
    seen: set[_Place] = set()
    for page in reader.pages:
        _only_what_shows(page, seen)
        writer.add_page(page)
    writer.metadata = None
    told = io.BytesIO()
    writer.write(told)
    return Paper(told.getvalue(), count)


def _only_what_shows(page: PageObject, seen: set[_Place]) -> None:
    for key in [key for key in page if key not in _PAGE]:
        del page[key]
    notes = [note for note in map(_note, _entries(page.get("/Annots"))) if note is not None]
    page.pop("/Annots", None)
    if notes:
        page[NameObject("/Annots")] = ArrayObject(notes)
    for key in [key for key in page if key != "/Parent"]:
        _scrub(page.raw_get(key), key, seen)


def _note(told: Any) -> DictionaryObject | None:
    """The look of a note or a filled field; what it does or belongs to stays behind."""
    if not isinstance(told, DictionaryObject) or told.get("/Subtype") not in _NOTES or "/AP" not in told:
        return None
    return DictionaryObject({NameObject(key): told.raw_get(key) for key in told if key in _NOTE})


def _entries(told: Any) -> Iterator[Any]:
    found = _plain(told)
    if isinstance(found, ArrayObject):
        yield from (_plain(one) for one in list(found))


def _plain(told: Any) -> Any:
    return told.get_object() if isinstance(told, IndirectObject) else told


def _scrub(root: Any, way: str, seen: set[_Place]) -> None:
    """Takes away what acts or tells, from everything that can be reached; each object once for each way to it."""
    todo: list[tuple[Any, _Kind]] = [(root, _BELOW.get(way, "words"))]
    while todo:
        told, kind = todo.pop()
        if isinstance(told, IndirectObject):
            place = (told.idnum, told.generation, kind)
            if place in seen:
                continue
            seen.add(place)
            if len(seen) > OBJECTS:
                raise BadInput("PDF 太复杂：请打印成新的 PDF 再上传（the PDF has too many parts）")
            told = told.get_object()
        if isinstance(told, DictionaryObject):
            todo.extend(_scrubbed(told, kind))
        elif isinstance(told, ArrayObject):
            todo.extend((one, "words") for one in list(told))


def _scrubbed(told: DictionaryObject, kind: _Kind) -> Iterator[tuple[Any, _Kind]]:
    if isinstance(told, StreamObject):
        strip_picture(told)
        kind = "words"
    for key in [key for key in told if not _stays(key, kind)]:
        del told[key]
    for key in list(told):
        yield told.raw_get(key), _below(key, kind)


def _stays(key: str, kind: _Kind) -> bool:
    if kind == "resources":
        return key in _RESOURCES
    if kind == "looks":
        return key in _LOOKS
    return kind == "names" or key not in _NEVER


def _below(key: str, kind: _Kind) -> _Kind:
    if kind in ("resources", "looks"):
        return "names"
    return _BELOW.get(key, "words") if kind == "words" else "words"
