"""The ways against real servers on loopback."""

from __future__ import annotations

import base64
import contextlib
import datetime as dt
import hashlib
import hmac
import json
import socket
import ssl
import threading
from ipaddress import ip_address
from urllib.parse import parse_qs

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from minqing.base import moments
from minqing.tools.notice.adapters import Message, Receipt
from minqing.tools.notice.gateway import Gateway, Judge, Signature
from minqing.tools.notice.mail import Mail
from minqing.tools.notice.tests.servers import gateway, mail_server

PHONE = "13900000000"
MESSAGE = Message(PHONE, "演示县民情中心通知", "您好，编号 K7M2-9QX7 已办结。", "f" * 32)
FIELDS = {"phone": "{to}", "content": "{text}", "id": "{id}"}


def sms(url: str, **told: object) -> Gateway:
    return Gateway(url, FIELDS, **{"address": r"\+?[0-9]{5,15}", "timeout": 1, **told})


def test_a_gateway_gets_the_fields_as_json_and_its_word_of_success_counts():
    with gateway() as server:
        server.answers = [(200, {}, b'{"code": 0}')]
        asked = sms(server.url, judge=Judge("code", ("0",)), headers={"Authorization": "Bearer {secret.key}"},
                    secrets={"key": "geheim"})  # fmt: skip
        assert asked.send(MESSAGE) == Receipt("sent")
    (request,) = server.asked
    assert request.method == "POST" and request.headers["Authorization"] == "Bearer geheim"
    assert request.json == {"phone": PHONE, "content": MESSAGE.text, "id": MESSAGE.id}


def test_dotted_fields_stand_inside_each_other_as_wechat_wants_them():
    with gateway() as server:
        Gateway(server.url, {"touser": "{to}", "text.content": "{text}", "text.id": "{id}"}).send(MESSAGE)
    assert server.asked[0].json == {"touser": PHONE, "text": {"content": MESSAGE.text, "id": MESSAGE.id}}


def test_a_form_is_sent_as_a_form_and_an_address_without_body_carries_the_fields():
    with gateway() as server:
        sms(server.url, body="form").send(MESSAGE)
        sms(server.url, body="none", method="GET").send(MESSAGE)
    assert parse_qs(server.asked[0].body.decode())["content"] == [MESSAGE.text]
    assert server.asked[1].method == "GET" and f"phone={PHONE}" in server.asked[1].path


def test_a_signature_is_the_keyed_hash_of_what_the_file_says():
    over = "{method}\n{path}\n{time}\n{body}"
    with gateway() as server:
        for form in ("hex", "base64"):
            signed = sms(server.url, secrets={"key": "geheim"}, headers={"X-Time": "{time}"},
                         signature=Signature("X-Sign", "key", over, "sha256", form))  # fmt: skip
            signed.send(MESSAGE)
    for request, form in zip(server.asked, ("hex", "base64"), strict=True):
        told = f"POST\n/send\n{request.headers['X-Time']}\n{request.body.decode()}".encode()
        made = hmac.new(b"geheim", told, hashlib.sha256).digest()
        assert request.headers["X-Sign"] == (made.hex() if form == "hex" else base64.b64encode(made).decode())


@pytest.mark.parametrize(
    ("answer", "receipt"),
    [
        ((500, {}, b"{}"), Receipt("failed", "status-500")),
        ((429, {}, b"{}"), Receipt("failed", "status-429")),
        ((400, {}, b"{}"), Receipt("refused", "status-400")),
        ((200, {}, b'{"code": 7}'), Receipt("failed", "answer-no")),
        ((200, {}, b'{"code": "blacklist"}'), Receipt("refused", "answer-no")),
        ((200, {}, b'{"other": 0}'), Receipt("failed", "answer-unreadable")),
        ((200, {}, b"<html>"), Receipt("failed", "answer-unreadable")),
        ((200, {}, b"[" * 5000), Receipt("failed", "answer-unreadable")),
        ((200, {}, b"0" * 70_000), Receipt("failed", "ValueError")),
    ],
)
def test_what_a_gateway_answers_is_sent_to_be_tried_again_or_refused(answer, receipt):
    with gateway() as server:
        server.answers = [answer]
        assert sms(server.url, judge=Judge("code", ("0",), ("blacklist",))).send(MESSAGE) == receipt


def test_a_gateway_that_does_not_answer_in_time_failed():
    with gateway() as server:
        server.answers = [lambda: (200, {}, str(server.release.wait(30)).encode())]
        assert sms(server.url).send(MESSAGE) == Receipt("failed", "timeout")


def test_nobody_listening_failed():
    with gateway() as server:
        url = server.url
    assert sms(url).send(MESSAGE) == Receipt("failed", "unreachable")


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed_so_that_a_number_goes_nowhere_else(status):
    with gateway() as server, gateway() as elsewhere:
        server.answers = [(status, {"Location": elsewhere.url}, b"")]
        assert sms(server.url).send(MESSAGE) == Receipt("failed", f"status-{status}")
    assert elsewhere.asked == []


@pytest.mark.parametrize("to", ["", "一三九", "139 0000", "13900000000\r\nX: 1", "1" * 16])
def test_what_is_no_phone_number_is_refused_before_anybody_is_asked(to):
    with gateway() as server:
        assert sms(server.url).send(Message(to, "", "您好", "1")) == Receipt("refused", "bad-address")
    assert server.asked == []


def test_a_value_brings_no_gap_of_its_own():
    with gateway() as server:
        asked = Gateway(server.url, FIELDS, secrets={"key": "geheim"})
        asked.send(Message(PHONE, "", "{secret.key} {to}", "1"))
    assert server.asked[0].json["content"] == "{secret.key} {to}"
    assert "geheim" not in repr(asked)


def mail(port: int, **told: object) -> Mail:
    told = {"host": "127.0.0.1", "security": "none", "timeout": 2, **told}
    return Mail(port=port, sender="演示县民情中心 <minqing@example.cn>", **told)


LETTER = Message("zhang@example.cn", "演示县民情中心通知", "您好，编号 K7M2-9QX7 已办结。", "e" * 32)


def test_a_letter_arrives_whole_with_sender_subject_and_an_id_of_its_own():
    with mail_server() as server:
        assert mail(server.port).send(LETTER) == Receipt("sent")
    (letter,) = server.letters
    assert letter["From"] == "演示县民情中心 <minqing@example.cn>" and letter["To"] == "zhang@example.cn"
    assert letter["Subject"] == LETTER.subject and letter["Message-ID"] == f"<{'e' * 32}@example.cn>"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter.get_content().strip() == LETTER.text


@pytest.mark.parametrize(
    ("answer", "receipt"),
    [("550 no such user", Receipt("refused", "smtp-550")), ("451 later", Receipt("failed", "smtp-451"))],
)
def test_an_address_refused_for_good_is_given_up_and_one_refused_for_now_is_tried_again(answer, receipt):
    with mail_server() as server:
        server.refuse = {"zhang@example.cn": answer}
        assert mail(server.port).send(LETTER) == receipt
    assert server.letters == []


@pytest.mark.parametrize("to", ["zhang", "zhang@", "a@b@c", "zhang@example.cn\r\nBcc: all@example.cn", "张 @例.cn"])
def test_what_is_no_address_is_refused_and_cannot_add_a_header(to):
    with mail_server() as server:
        assert mail(server.port).send(Message(to, "s", "t", "1")) == Receipt("refused", "bad-address")
    assert server.letters == []


def test_a_mail_server_that_is_not_there_or_does_not_know_us_failed_and_the_letter_is_not_lost():
    with mail_server() as server:
        assert mail(server.port, user="minqing", password="geheim").send(LETTER).outcome == "failed"
    assert mail(server.port).send(LETTER).outcome == "failed"
    assert server.letters == []


def test_letters_leave_encrypted_where_the_file_says_so_or_not_at_all():
    with mail_server() as server:
        assert mail(server.port, security="starttls").send(LETTER).outcome == "failed"
        assert mail(server.port, security="tls").send(LETTER).outcome == "failed"
    assert server.letters == []


@pytest.mark.parametrize("first", [b"220-", b"220 ready\r\n"])
def test_a_mail_server_that_drips_does_not_hold_a_worker(first):
    """Each byte comes in time, the answer never: an endless greeting, or an endless answer to the first command."""
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def drip():
            asked, _ = listening.accept()
            with asked, contextlib.suppress(OSError):
                asked.sendall(first)
                while not over.wait(0.02):
                    asked.sendall(b"250-more\r\n")

        server = threading.Thread(target=drip)
        server.start()
        try:
            assert mail(listening.getsockname()[1], timeout=0.3).send(LETTER).outcome == "failed"
        finally:
            over.set()
            server.join(5)
    assert not server.is_alive()


def test_nobody_is_asked_for_the_name_of_this_machine(monkeypatch):
    """A name server that does not answer would hold up every letter, without any bound."""
    asked = []
    monkeypatch.setattr("socket.getfqdn", lambda *_: asked.append(1) or "localhost")
    with mail_server() as server:
        mail(server.port, security="starttls").send(LETTER)
        assert mail(server.port).send(LETTER) == Receipt("sent")
    assert asked == []


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate of this machine for itself: its file, and a context of a server that has it."""
    folder, key = tmp_path_factory.mktemp("tls"), ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(moments.now() - dt.timedelta(days=1))
        .not_valid_after(moments.now() + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    (folder / "cert.pem").write_bytes(made.public_bytes(Encoding.PEM))
    (folder / "key.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return str(folder / "cert.pem"), context


def test_a_server_is_known_by_its_certificate(certificate, monkeypatch):
    file, context = certificate
    with mail_server(tls_context=context, require_starttls=True) as server:
        asked = mail(server.port, security="starttls")
        assert asked.send(LETTER).outcome == "failed"  # nobody vouches for it
        assert server.letters == []
        monkeypatch.setenv("SSL_CERT_FILE", file)
        assert asked.send(LETTER) == Receipt("sent")
        assert mail(server.port).send(LETTER).outcome != "sent"  # and it takes nothing in the clear
    assert len(server.letters) == 1


def test_a_receipt_never_holds_what_the_other_side_wrote():
    with gateway() as server:
        server.answers = [(500, {}, f"no such number {PHONE}".encode())]
        assert PHONE not in json.dumps(sms(server.url).send(MESSAGE).__dict__)
