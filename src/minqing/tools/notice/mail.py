"""E-mail by SMTP (RFC 5321): TLS from the start, STARTTLS, or none to a server on this machine."""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
import threading
from contextlib import suppress
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import parseaddr

from minqing.tools.notice.adapters import Message, Receipt

IN_ALL = 3  # so many times the time-out may one letter take, however slowly a server drips
_ADDRESS = re.compile(r"[^@\s<>,;\"]{1,64}@[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")


@dataclass(frozen=True)
class Mail:
    """A mail server. `security`: tls, starttls, none. `sender` is an address or `name <address>`."""

    host: str
    port: int
    security: str
    sender: str
    user: str = ""
    password: str = ""
    timeout: int = 20

    def send(self, message: Message, /) -> Receipt:
        """One connection a message: a county sends hundreds a day, and a hung connection then harms one."""
        if not _ADDRESS.fullmatch(message.to):
            return Receipt("refused", "bad-address")
        try:
            server = self._server()
        except smtplib.SMTPResponseException as fault:  # our login or our turn: a clerk mends it, the message goes then
            return Receipt("failed", f"smtp-{fault.smtp_code}")
        except TimeoutError:
            return Receipt("failed", "timeout")
        except (OSError, smtplib.SMTPException) as fault:
            return Receipt("failed", type(fault).__name__)
        try:
            return _sent(server, self._letter(message))
        finally:
            with suppress(OSError, smtplib.SMTPException):  # it was taken or not: how they say good-bye changes nothing
                server.quit()
            server.close()

    def _letter(self, message: Message) -> EmailMessage:
        letter = EmailMessage()
        name, address = parseaddr(self.sender)
        letter["From"] = Address(name, addr_spec=address)
        letter["To"] = Address(addr_spec=message.to) if message.to.isascii() else message.to
        letter["Subject"] = message.subject
        letter["Message-ID"] = f"<{message.id}@{address.rpartition('@')[2]}>"
        letter["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday answer comes back
        letter.set_content(message.text)
        return letter

    def _server(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        # without a name of ours smtplib asks the name servers who we are, and nothing bounds that
        me = parseaddr(self.sender)[1].rpartition("@")[2]
        if self.security == "tls":
            server: smtplib.SMTP = _BoundedTls(self.host, self.port, me, timeout=self.timeout, context=context)
        else:
            server = _Bounded(self.host, self.port, me, timeout=self.timeout)
        try:
            if self.security == "starttls":
                server.starttls(context=context)
            if self.user:
                server.login(self.user, self.password)
        except BaseException:
            server.close()
            raise
        return server


class _Ended:
    """Ends a conversation after IN_ALL time-outs: the time-out itself is for each byte that comes."""

    _ends: threading.Timer | None = None
    sock: socket.socket | None
    timeout: float

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        made: socket.socket = super()._get_socket(host, port, timeout)  # type: ignore[misc]
        self._ends = threading.Timer(IN_ALL * timeout, self._end)
        self._ends.daemon = True
        self._ends.start()
        return made

    def _end(self) -> None:
        if self.sock is not None:
            with suppress(OSError):
                socket.socket.shutdown(self.sock, socket.SHUT_RDWR)  # whoever reads from it reads its end

    def close(self) -> None:
        """Hangs up."""
        if self._ends is not None:
            self._ends.cancel()
        super().close()  # type: ignore[misc]


class _Bounded(_Ended, smtplib.SMTP):
    pass


class _BoundedTls(_Ended, smtplib.SMTP_SSL):
    pass


def _sent(server: smtplib.SMTP, letter: EmailMessage) -> Receipt:
    """What the server says of one letter: 5xx is for good."""
    try:
        server.send_message(letter)
    except smtplib.SMTPRecipientsRefused as fault:
        return _answer(next(code for code, _ in fault.recipients.values()))
    except smtplib.SMTPNotSupportedError:
        return Receipt("refused", "not-supported")  # an address in Chinese, and a server that knows none
    except smtplib.SMTPResponseException as fault:
        return _answer(fault.smtp_code)
    except TimeoutError:
        return Receipt("failed", "timeout")
    except (OSError, smtplib.SMTPException) as fault:
        return Receipt("failed", type(fault).__name__)
    return Receipt("sent")


def _answer(code: int) -> Receipt:
    return Receipt("refused" if code >= 500 else "failed", f"smtp-{code}")
