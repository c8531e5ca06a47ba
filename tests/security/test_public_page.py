"""The page to follow a matter tells a stranger nothing, not even that a code is one: by its words or its questions."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from minqing.doors.web.tests.conftest import county, pages
from minqing.doors.web.tests.test_following import matter
from minqing.kernel.matters.codes import new_code

__all__ = ["county", "matter", "pages"]
_LITERALS = re.compile(r"'[^']*'(::\w+)?|\b[0-9]+\b|\\x[0-9a-f]+")
_VARIES = re.compile(
    r'(name="(?:csrfmiddlewaretoken|once|code|secret)" value=")[^"]*|(value=")[^"]*(" [^>]*id="(?:code|secret)")'
)


def _asked(path: str, form: dict[str, str], code: str, media: str = "") -> tuple[int, str, list[str]]:
    """Status, what is said, and the statements that it took, without what differs by what was typed."""
    client: Any = Client(headers={"accept-language": "zh-hans"})
    with CaptureQueriesContext(
        connection,
    ) as seen:
        answer = client.post(path, form, **({"content_type": media} if media else {}))
    said = _VARIES.sub(r"\1", answer.content.decode()).replace(code, "CODE")
    return answer.status_code, said, [_LITERALS.sub("?", one["sql"]) for one in seen]


@pytest.mark.parametrize("secret", ["2222222222", "", "x", "山" * 10])
def test_an_unknown_code_and_a_wrong_secret_have_the_same_answer_and_the_same_statements(
    matter: tuple[str, str], secret: str
) -> None:
    told = [_asked("/follow", {"code": code, "secret": secret}, code) for code in (matter[0], new_code())]
    assert told[0][0] == 403 and told[0][1] == told[1][1]
    assert told[0][2] == told[1][2] and told[0][2]
    own = [_asked("/follow/own", {"code": code, "secret": secret, "last4": "0000", "do": "copy"}, code)
           for code in (matter[0], new_code())]  # fmt: skip
    assert own[0] == own[1] and own[0][0] in (403, 422)
    api = [_asked(f"/api/v1/public/{code}", {"secret": secret or "2"}, code, "application/json")
           for code in (matter[0], new_code())]  # fmt: skip
    assert api[0] == api[1] and api[0][0] in (403, 422)
