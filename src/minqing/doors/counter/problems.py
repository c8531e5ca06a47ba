"""What went wrong, as RFC 9457 problem documents: Chinese first, English behind it, always with what to do.

`type` names the kind of problem (`urn:minqing:problem:stale`); a problem is raised, and answered by `errors`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpResponse

PROBLEM_JSON = "application/problem+json"

#: What each status is called: one line, the same for every problem of that status.
TITLES = {
    400: "请求不完整或读不懂（bad request）",
    401: "没有令牌或令牌无效（not signed in）",
    403: "不允许（not allowed）",
    404: "没有这一项（not found）",
    405: "这个地址不接受这种方法（method not allowed）",
    408: "没有传完（request timeout）",
    409: "已有变动（changed meanwhile）",
    411: "没有写明长度（length required）",
    413: "内容太大（too large）",
    415: "内容类型不对（unsupported media type）",
    422: "不能照办（cannot be done）",
    500: "本系统出错（our fault）",
    503: "暂时答不了（not ready）",
}
_REFUSED = "请求没有办成（not done）"


class Problem(Exception):
    """A refusal of the door: status, slug of its kind, both tongues; `extra` joins the document."""

    def __init__(
        self, status: int, slug: str, zh: str, en: str = "", *,
        extra: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(en or zh)
        self.status = status
        self.slug = slug
        self.detail = f"{zh}（{en}）" if en else zh
        self.extra = dict(extra or {})
        self.headers = dict(headers or {})

    def document(self) -> dict[str, Any]:
        """The problem as it is sent, and as it stands in a row of an answer to many."""
        told = {
            "type": f"urn:minqing:problem:{self.slug}",
            "title": TITLES.get(self.status, _REFUSED),
            "status": self.status,
            "detail": self.detail,
        }
        return told | self.extra

    def response(self) -> HttpResponse:
        """The answer that carries it."""
        return HttpResponse(
            in_json(self.document()), status=self.status, content_type=PROBLEM_JSON, headers=self.headers
        )


def in_json(told: Mapping[str, Any]) -> bytes:
    """The document as it is sent; moments in ISO 8601 with their offset."""
    return json.dumps(told, ensure_ascii=False, default=_moment, separators=(",", ":")).encode("utf-8", "replace")


def _moment(value: object) -> str:
    assert isinstance(value, datetime), type(value)
    return value.isoformat()


def not_signed_in() -> Problem:
    """The same words whether a token is missing, wrong, expired or taken back."""
    return Problem(
        401, "token", "请在请求头里写有效的令牌：Authorization: Bearer mq_…；令牌由管理员用 minqing token 发放",
        "send a valid token; an administrator issues one with `minqing token`",
        headers={"WWW-Authenticate": 'Bearer realm="minqing"'},
    )  # fmt: skip


#: A connection may be lost, or our own code fail, after what was asked for was committed: nobody can say which.
PERHAPS = "刚才的请求可能已经办成：请稍后先查看，或用同一个 Idempotency-Key 再发"
PERHAPS_EN = "it may have been done: look first, or send it again with the same Idempotency-Key"


def ours(number: str) -> Problem:
    """A fault of ours, under the number of its request."""
    return Problem(
        500, "ours", f"本系统出错，{PERHAPS}；再出错请告诉管理员", f"our fault: {PERHAPS_EN}", extra={"request": number}
    )


def no_such_page() -> Problem:
    """An address that leads nowhere."""
    return Problem(
        404, "address", "没有这个地址：可用的地址见 /api/v1/openapi.json", "no such address: see the OpenAPI"
    )


def too_large(limit: str) -> Problem:
    """A body beyond the limit of its route."""
    return Problem(413, "too-large", f"内容超过 {limit}：请缩小后再发", f"send at most {limit}")


def unreadable(zh: str, en: str) -> Problem:
    """A body or header that cannot be read."""
    return Problem(400, "unreadable", zh, en)


def unfit(zh: str, en: str = "", *, slug: str = "unfit", reason: str = "", **extra: Any) -> Problem:
    """Read, but it cannot be done as asked."""
    return Problem(422, slug, zh, en, extra=({"reason": reason} if reason else {}) | extra)


def key_used() -> Problem:
    """A key that named another request before."""
    return unfit(
        "这个 Idempotency-Key 已经用于另一个请求：请换一个", "this key named another request: use a new one",
        slug="key-used", reason="key-used",
    )  # fmt: skip
