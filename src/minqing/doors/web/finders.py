"""Files of others that pages use: each picked by name from a locked package, so that nothing else is ever served."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.checks import CheckMessage, Error
from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage, Storage

_OF_THE_MAP = ("layers", "layers-2x", "marker-icon", "marker-icon-2x", "marker-shadow")
#: Where a page finds it -> where the package has it.
_SERVED: Mapping[str, str] = {
    "vendor/tabler.css": "@tabler/core/dist/css/tabler.min.css",
    "vendor/htmx.js": "htmx.org/dist/htmx.min.js",
    "vendor/alpine.js": "@alpinejs/csp/dist/cdn.min.js",
    "vendor/echarts.js": "echarts/dist/echarts.simple.min.js",
    "vendor/leaflet.js": "leaflet/dist/leaflet.js",
    "vendor/leaflet.css": "leaflet/dist/leaflet.css",
    **{f"vendor/images/{name}.png": f"leaflet/dist/images/{name}.png" for name in _OF_THE_MAP},
}
#: Drawings that stand in the page itself.
ICONS = (
    "alert-triangle", "arrow-left", "building-community", "camera", "check", "chevron-down", "chevron-right",
    "circle-check", "clipboard-text", "clock", "clock-exclamation", "edit", "eye", "file-text", "filter", "home",
    "inbox", "info-circle", "key", "language", "list", "lock", "logout", "map-pin", "message", "moon", "paperclip",
    "phone", "player-pause", "plus", "printer", "qrcode", "search", "send", "settings", "sun", "text-size", "user",
    "users", "x",
    "activity", "calendar-event", "download", "eye-check", "git-compare", "history", "map", "route", "upload",
    "user-off", "user-plus",
    "table-import",
    "bookmark", "microphone", "trash",
)  # fmt: skip


def icon_address(name: str) -> str:
    """Under which name a drawing is picked."""
    return f"vendor/icons/{name}.svg"


PICKED: Mapping[str, str] = {
    **_SERVED,
    **{icon_address(name): f"@tabler/icons/icons/outline/{name}.svg" for name in ICONS},
}


class Picked(BaseFinder):
    """Finds exactly these."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.storage = FileSystemStorage(location=settings.NODE_MODULES)

    def check(self, **kwargs: Any) -> list[CheckMessage]:
        """Says which package is not installed."""
        missing = [place for place in PICKED.values() if not (Path(settings.NODE_MODULES) / place).is_file()]
        return [Error(f"node_modules 里没有 {place}：请先运行 make setup（run make setup）") for place in missing]

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """The file behind an address."""
        place = PICKED.get(path)
        if place is None:
            return []  # of Django's finders too: None would be taken for a file
        found = str(Path(settings.NODE_MODULES) / place)
        return [found] if find_all else found

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, Storage]]:
        """What is gathered, under the name that pages use."""
        for name, place in _SERVED.items():
            yield name, _Renamed(name, Path(settings.NODE_MODULES) / place)


_MAP_OF_SOURCE = re.compile(rb"\n?/[/*][#@] sourceMappingURL=\S+( \*/)?\s*$")


class _Renamed(FileSystemStorage):
    """One file under another name, without the address of its source map, which is not served."""

    def __init__(self, name: str, place: Path) -> None:
        super().__init__(location=place.parent)
        self._named, self._place = name, place

    def path(self, name: str) -> str:
        return str(self._place) if name == self._named else super().path(name)

    def _open(self, name: str, mode: str = "rb") -> File[bytes]:
        return ContentFile(_MAP_OF_SOURCE.sub(b"", self._place.read_bytes()), name)
