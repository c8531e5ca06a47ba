"""The key Django signs with: a file below MINQING_HOME/keys, made when something is first signed, never in the code.

Nothing that lasts is signed with it: a lost file costs no record.
"""

from __future__ import annotations

import contextlib
import os
import secrets

from django.utils.functional import SimpleLazyObject

from minqing.base.ledger.keys import keys_folder
from minqing.base.postgres import home_folder


def secret_key() -> str:
    """The key of this instance; several processes that come here at once agree on one."""
    path = keys_folder(home_folder()) / "web.key"
    if not path.exists():
        beside = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48))
            file.flush()
            os.fsync(descriptor)
        with contextlib.suppress(FileExistsError):  # another process was first: its key is ours
            os.link(beside, path)
        beside.unlink()
    return path.read_text()


SECRET_KEY = SimpleLazyObject(secret_key)
