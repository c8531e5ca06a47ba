from __future__ import annotations

from pathlib import Path

import pytest

from minqing.base.definitions import DefinitionErrors
from minqing.tools.notice.gateway import Gateway
from minqing.tools.notice.mail import Mail
from minqing.tools.notice.rules import Quiet
from minqing.tools.notice.settings_file import Settings, last_good, load, settings

DOCS = Path(__file__).resolve().parents[5] / "docs" / "notices.md"
SMS = "from: 演示县民情中心\nsms:\n  url: https://sms.example.cn/send\n  fields: {to: '{to}'}\n"


@pytest.fixture
def write(tmp_path: Path):
    def write(text: str) -> Path:
        path = tmp_path / "notices.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def complaint(path: Path) -> str:
    with pytest.raises(DefinitionErrors) as caught:
        load(path)
    return str(caught.value)


def test_the_example_of_the_documentation_is_a_file_that_works(write, monkeypatch):
    example = DOCS.read_text("utf-8").split("```yaml\n")[1].split("```")[0]
    for name in ("SMTP", "SMS", "SMS_KEY", "WECHAT"):
        monkeypatch.setenv(f"MINQING_NOTICE_{name}", "geheim")
    made = load(write(example))
    assert set(made.carriers) == {"email", "sms", "wechat"} and made.quiet == Quiet(21 * 60, 8 * 60)
    assert isinstance(made.carriers["email"], Mail) and made.carriers["email"].password == "geheim"
    assert isinstance(made.carriers["sms"], Gateway) and made.carriers["sms"].signature is not None
    assert made.staff and made.phone and made.sender


def test_without_a_file_nothing_leaves_the_house(tmp_path):
    assert settings(tmp_path) == Settings() and settings(tmp_path).carriers == {}


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("from: 甲\nsmss: {}\n", 2, 'no key "smss". Did you mean "sms"?'),
        ("phone: '12345'\n", 1, 'needs the key "from"'),
        ("from: 甲\nquiet: {from: 9pm, to: '08:00'}\n", 2, "is not a time"),
        ("from: 甲\nsms: {url: 'http://sms.example.cn/', fields: {a: '{to}'}}\n", 2, "https:"),
        ("from: 甲\nsms: {url: 'ftp://sms.example.cn/', fields: {a: '{to}'}}\n", 2, "https:"),
        ("from: 甲\nsms: {url: 'https://sms.example.cn/', fields: {a: '{name}'}}\n", 2, "{name} is no gap"),
        (SMS + "  headers: {A: '{secret.sms}'}\n", 3, "MINQING_NOTICE_SMS"),
        (SMS + "  body: xml\n", 5, 'cannot be "xml"'),
        (SMS + "  timeout: '600'\n", 5, "from 1 to 60"),
        (SMS + "  success: {field: code}\n", 5, 'needs the key "is"'),
        ("from: 甲\nemail: {host: mail.example.cn, port: '25', security: none, sender: a@b.cn}\n", 2, "this machine"),
        ("from: 甲\nemail: {host: mail.example.cn, port: '465', security: tls, sender: 民情}\n", 2, "is an address"),
        ("from: 甲\nemail: {host: m.cn, port: '465', security: tls, sender: a@b.cn, password: abc}\n", 2, "{secret."),
        ("from: 甲\nstaff: {town: {fax: '1'}}\n", 2, 'no key "fax"'),
    ],
)  # fmt: skip
def test_a_slip_is_named_with_its_line_and_what_to_do(write, text, line, says):
    told = complaint(write(text))
    assert says in told and f"notices.yaml:{line}:" in told


def test_a_secret_comes_from_the_environment_or_from_a_file_beside_the_keys(write, tmp_path, monkeypatch):
    path = write(SMS + "  headers: {Authorization: '{secret.sms}'}\n")
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "notice-sms").write_text("aus der Datei\n")
    assert load(path).carriers["sms"].secrets == {"sms": "aus der Datei"}
    monkeypatch.setenv("MINQING_NOTICE_SMS", "aus der Umgebung")
    assert load(path).carriers["sms"].secrets == {"sms": "aus der Umgebung"}


def test_a_mended_file_works_at_once_and_a_broken_one_leaves_the_last_good(write, tmp_path):
    write("from: 甲\n")
    assert settings(tmp_path).sender == "甲"
    write("from: 乙乙\n")
    assert settings(tmp_path).sender == "乙乙"
    write("form: 丙\n")
    with pytest.raises(DefinitionErrors):
        settings(tmp_path)
    assert last_good(tmp_path).sender == "乙乙"
