"""`MINQING_HOME/notices.yaml`: who the messages are from, quiet hours, the gateways, work addresses of units.

Reference: docs/notices.md. Secrets do not stand in it: `{secret.NAME}` is the environment variable
MINQING_NOTICE_NAME, else the file MINQING_HOME/keys/notice-NAME.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parseaddr
from pathlib import Path

from minqing.base.definitions import DefinitionErrors, Keys, Node, Reading, read_file
from minqing.tools.notice.adapters import Carrier
from minqing.tools.notice.gateway import Gateway, Judge, Signature, gaps_in
from minqing.tools.notice.mail import Mail
from minqing.tools.notice.rules import WAYS, Quiet
from minqing.tools.notice.targets import LOOPBACK, is_safe
from minqing.tools.notice.wording import Lang

NAME = "notices.yaml"
PHONE = r"\+?[0-9]{5,15}"
_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
_SECRET = re.compile(r"\{secret\.([a-z0-9_-]{1,40})\}")


@dataclass(frozen=True)
class Settings:
    """The file as it is used. `carriers` by way; `staff`: unit slug -> way -> work address."""

    sender: str = ""
    phone: str = ""
    site: str = ""
    language: Lang = "zh"
    quiet: Quiet = field(default_factory=Quiet)
    carriers: Mapping[str, Carrier] = field(default_factory=dict)
    staff: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


_read: dict[Path, tuple[int, Settings]] = {}  # by the file's time: a mended file works at once


def settings(home: Path) -> Settings:
    """The settings as the file has them now; without a file nothing leaves the house. Raises DefinitionErrors."""
    path = home / NAME
    try:
        stamp = path.stat().st_mtime_ns
    except FileNotFoundError:
        return Settings()
    known = _read.get(path)
    if known is None or known[0] != stamp:
        _read[path] = known = (stamp, load(path))
    return known[1]


def last_good(home: Path) -> Settings:
    """The settings, or the last that could be read: a slip in the file keeps nobody from being told on their page.
    Who sends complains of it."""
    try:
        return settings(home)
    except DefinitionErrors:
        return _read[home / NAME][1] if home / NAME in _read else Settings()


def load(path: Path) -> Settings:
    """Reads one file; complaints name file and line, all at once."""
    top, _ = read_file(path)
    reading = Reading(str(path))
    reading.known_keys(
        top, "notices", ("from", "phone", "site", "language", "quiet", *sorted(WAYS), "staff"), ("from",)
    )
    carriers: dict[str, Carrier] = {}
    if (mail := top.get("email")) is not None:
        carriers["email"] = _mail(reading, reading.mapping(mail, "email"), path)
    for way in ("sms", "wechat"):
        if (node := top.get(way)) is not None:
            carriers[way] = _gateway(reading, reading.mapping(node, way), way, path)
    language = reading.choice(top.get("language"), "language", ("zh", "en"))
    made = Settings(
        sender=reading.text(top.get("from"), "from"),
        phone=reading.text(top.get("phone"), "phone"),
        site=reading.text(top.get("site"), "site"),
        language="en" if language == "en" else "zh",
        quiet=_quiet(reading, top.get("quiet")),
        carriers=carriers,
        staff=_staff(reading, top.get("staff")),
    )
    reading.stop_if_bad()
    return made


def _quiet(reading: Reading, node: Node | None) -> Quiet:
    if node is None:
        return Quiet()
    keys = reading.mapping(node, "quiet")
    reading.known_keys(keys, "quiet", ("from", "to"), ("from", "to"))
    return Quiet(_minute(reading, keys.get("from")), _minute(reading, keys.get("to")))


def _minute(reading: Reading, node: Node | None) -> int:
    word = reading.text(node, "a time of quiet hours")
    if found := _TIME.fullmatch(word):
        return int(found.group(1)) * 60 + int(found.group(2))
    if word and node is not None:
        reading.complain(node, f'"{word[:20]}" is not a time: write it like "21:00"')
    return 0


def _staff(reading: Reading, node: Node | None) -> Mapping[str, Mapping[str, str]]:
    if node is None:
        return {}
    found: dict[str, dict[str, str]] = {}
    for slug, entry in reading.mapping(node, "staff").entries.items():
        keys = reading.mapping(entry, f"staff {slug}")
        reading.known_keys(keys, f"staff {slug}", WAYS)
        found[slug] = {way: reading.text(keys.get(way), way) for way in WAYS if keys.get(way) is not None}
    return found


def _mail(reading: Reading, keys: Keys, path: Path) -> Mail:
    known = ("host", "port", "security", "sender", "user", "password", "timeout")
    reading.known_keys(keys, "email", known, ("host", "port", "security", "sender"))
    security = reading.choice(keys.get("security"), "security", ("tls", "starttls", "none"))
    host = reading.text(keys.get("host"), "host")
    if security == "none" and host not in LOOPBACK:
        reading.complain(keys.key_lines["security"], "security none is for a server on this machine only: write tls")
    sender = reading.text(keys.get("sender"), "sender")
    if sender and not re.fullmatch(r"[\x21-\x7e]+@[\x21-\x7e]+", parseaddr(sender)[1]):
        reading.complain(keys.key_lines["sender"], 'sender is an address: write "民情中心 <minqing@example.gov.cn>"')
    return Mail(
        host=host,
        port=reading.whole(keys.get("port"), "port", 1, 65535, 465),
        security=security,
        sender=sender,
        user=reading.text(keys.get("user"), "user"),
        password=_with_secrets(reading, keys.get("password"), "password", path),
        timeout=reading.whole(keys.get("timeout"), "timeout", 1, 60, 20),
    )


def _gateway(reading: Reading, keys: Keys, way: str, path: Path) -> Gateway:
    known = ("url", "method", "headers", "body", "fields", "success", "sign", "timeout")
    reading.known_keys(keys, way, known, ("url", "fields"))
    url = reading.text(keys.get("url"), "url")
    if url and not is_safe(url):
        reading.complain(
            keys.key_lines["url"],
            "url begins with https:// (http:// only to this machine) and names a host: no user and password (write "
            "{secret.NAME} into headers), no address of this machine or of a cloud's own service",
        )
    fields = _texts(reading, keys.get("fields"), "fields")
    signature = _signature(reading, keys.get("sign"))
    gap_ok = {"to", "text", "id", "time", "method", "path", "body"}
    texts = [*fields.values(), *_texts(reading, keys.get("headers"), "headers").values()]
    names = [name for text in (*texts, signature.over if signature else "") for name in gaps_in(text)]
    if strange := [name for name in names if name not in gap_ok and not name.startswith("secret.")]:
        reading.complain(keys, f"{{{strange[0]}}} is no gap: there are {{to}} {{text}} {{id}} {{time}} {{secret.NAME}}")
    wanted = {name.removeprefix("secret.") for name in names if name.startswith("secret.")}
    wanted |= {signature.secret} if signature else set()
    return Gateway(
        url=url,
        fields=fields,
        body=reading.choice(keys.get("body"), "body", ("json", "form", "none")) or "json",
        method=reading.choice(keys.get("method"), "method", ("POST", "PUT", "GET")) or "POST",
        headers=_texts(reading, keys.get("headers"), "headers"),
        judge=_judge(reading, keys.get("success")),
        signature=signature,
        secrets={name: _secret(reading, keys, name, path) for name in sorted(wanted)},
        address=PHONE if way == "sms" else r"[A-Za-z0-9_@.-]{1,128}",
        timeout=reading.whole(keys.get("timeout"), "timeout", 1, 60, 10),
    )


def _texts(reading: Reading, node: Node | None, what: str) -> dict[str, str]:
    if node is None:
        return {}
    return {name: reading.text(entry, name) for name, entry in reading.mapping(node, what).entries.items()}


def _judge(reading: Reading, node: Node | None) -> Judge:
    if node is None:
        return Judge()
    keys = reading.mapping(node, "success")
    reading.known_keys(keys, "success", ("field", "is", "refused"), ("field", "is"))
    return Judge(
        reading.text(keys.get("field"), "field"),
        reading.texts(keys.get("is"), "is") if keys.get("is") else (),
        reading.texts(keys.get("refused"), "refused") if keys.get("refused") else (),
    )


def _signature(reading: Reading, node: Node | None) -> Signature | None:
    if node is None:
        return None
    keys = reading.mapping(node, "sign")
    reading.known_keys(keys, "sign", ("header", "secret", "over", "hmac", "as"), ("header", "secret", "over"))
    return Signature(
        reading.text(keys.get("header"), "header"),
        reading.text(keys.get("secret"), "secret"),
        reading.text(keys.get("over"), "over"),
        reading.choice(keys.get("hmac"), "hmac", ("sha256", "sha1", "md5")) or "sha256",
        reading.choice(keys.get("as"), "as", ("hex", "base64")) or "hex",
    )


def _with_secrets(reading: Reading, node: Node | None, what: str, path: Path) -> str:
    if node is None:
        return ""
    word = reading.text(node, what)
    found = _SECRET.fullmatch(word)
    if found is None:
        reading.complain(node, f"{what} is {{secret.NAME}}: the word itself stands in the environment or in keys/")
        return ""
    return _secret(reading, node, found.group(1), path)


def _secret(reading: Reading, where: Node, name: str, path: Path) -> str:
    variable = f"MINQING_NOTICE_{name.upper().replace('-', '_')}"
    if variable in os.environ:
        return os.environ[variable]
    file = path.parent / "keys" / f"notice-{name}"
    try:
        return file.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        reading.complain(where, f"the secret {name} is missing: set {variable}, or write it into {file}")
        return ""
