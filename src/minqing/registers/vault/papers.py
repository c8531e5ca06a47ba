"""PDF files written anew, page by page, from a list of what a page may be: what shows, and nothing that acts.

Scripts, actions, links, attachments, forms' logic, layers, metadata and everything outside of a page stay behind;
of notes and filled fields only the look is kept. Photographs inside lose their EXIF (position, device).
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

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
#: Dictionaries whose keys are names the file chose, not words of the format: nothing is taken away by its key there.
_NAMED = {
    "/Font",
    "/XObject",
    "/ExtGState",
    "/ColorSpace",
    "/Pattern",
    "/Shading",
    "/CharProcs",
    "/N",
    "/D",
    "/R",
    "/Colorants",
}


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
    seen: set[tuple[int, int]] = set()
    for page in reader.pages:
        _only_what_shows(page, seen)
        writer.add_page(page)
    writer.metadata = None
    told = io.BytesIO()
    writer.write(told)
    return Paper(told.getvalue(), count)


def _only_what_shows(page: PageObject, seen: set[tuple[int, int]]) -> None:
    for key in [key for key in page if key not in _PAGE]:
        del page[key]
    notes = [note for note in map(_note, _entries(page.get("/Annots"))) if note is not None]
    page.pop("/Annots", None)
    if notes:
        page[NameObject("/Annots")] = ArrayObject(notes)
    for key in [key for key in page if key != "/Parent"]:
        _scrub(page.raw_get(key), seen)


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


def _scrub(root: Any, seen: set[tuple[int, int]]) -> None:
    """Takes away what acts or tells, from everything that can be reached; each object once."""
    todo: list[tuple[Any, bool]] = [(root, False)]
    while todo:
        told, named = todo.pop()
        if isinstance(told, IndirectObject):
            place = (told.idnum, told.generation)
            if place in seen:
                continue
            seen.add(place)
            if len(seen) > OBJECTS:
                raise BadInput("PDF 太复杂：请打印成新的 PDF 再上传（the PDF has too many parts）")
            told = told.get_object()
        if isinstance(told, DictionaryObject):
            todo.extend(_scrubbed(told, named))
        elif isinstance(told, ArrayObject):
            todo.extend((one, False) for one in list(told))


def _scrubbed(told: DictionaryObject, named: bool) -> Iterator[tuple[Any, bool]]:
    if isinstance(told, StreamObject):
        strip_picture(told)
    if not named or isinstance(told, StreamObject):
        for key in [key for key in told if key in _NEVER]:
            del told[key]
    for key in list(told):
        yield told.raw_get(key), not named and key in _NAMED
