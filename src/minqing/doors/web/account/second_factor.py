"""How second factors and passkeys stand here: our words, and their secrets sealed before they reach the database."""

from __future__ import annotations

import hashlib
import os
from base64 import b64decode, b64encode
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.contrib.auth.base_user import AbstractBaseUser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from minqing.base.errors import NotReady
from minqing.base.ledger.keys import secrets_key
from minqing.base.postgres import home_folder

_NONCE = 12
_FOR = b"second factors"


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """What allauth asks about second factors."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": gettext_lazy("不对：请核对后再试；验证码每 30 秒换一次"),
        "cannot_generate_recovery_codes": gettext_lazy("还没有第二重验证，不需要备用码"),
        "too_many_login_attempts": gettext_lazy("错得太多：请过 15 分钟再试，从别处登录不受影响"),
        "rate_limited": gettext_lazy("错得太多：请过 15 分钟再试，从别处登录不受影响"),
    }

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Any) -> str:
        """What a new passkey is called unless somebody names it."""
        return _("我的设备")

    def encrypt(self, text: str) -> str:
        """Whoever holds a copy of the database holds no second factor: the key stands outside of it."""
        nonce = os.urandom(_NONCE)
        return b64encode(nonce + _sealing().encrypt(nonce, text.encode(), _FOR)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """What was sealed."""
        sealed = b64decode(encrypted_text)
        try:
            return _sealing().decrypt(sealed[:_NONCE], sealed[_NONCE:], _FOR).decode()
        except InvalidTag:
            raise NotReady(
                "第二重验证打不开：keys 文件夹不是本实例的，请从备份中找回（a second factor does not open: wrong keys）"
            ) from None

    def _get_site_name(self) -> str:
        return "民情 Minqing"


def _sealing() -> AESGCM:
    return AESGCM(hashlib.blake2b(_FOR, key=secrets_key(home_folder()), digest_size=32).digest())
