"""Answers of the roof itself where no door has one: problem+json (RFC 9457) that says what to do."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse

PROBLEM = "application/problem+json"


def problem(status: int, title: str, detail: str, **more: object) -> JsonResponse:
    """The answer to a request that was not carried out."""
    told = {"type": "about:blank", "title": title, "status": status, "detail": detail, **more}
    return JsonResponse(told, status=status, content_type=PROBLEM, json_dumps_params={"ensure_ascii": False})


def bad_request(request: HttpRequest, exception: Exception) -> JsonResponse:
    """What Django refuses before any door: a host not served here, a body too big, a broken form."""
    return problem(
        400, "Bad request",
        "请求读不懂，或本机不以这个主机名提供服务（MINQING_HOSTS），未作任何处理"
        "（the request cannot be read, or this host is not served here）",
    )  # fmt: skip


def not_found(request: HttpRequest, exception: Exception) -> JsonResponse:
    """No such address."""
    return problem(404, "Not found", "没有这个地址：接口说明见 /api/v1/docs（no such address: see /api/v1/docs）")


def fault(request: HttpRequest) -> JsonResponse:
    """A fault of ours; the log of the server has the rest."""
    return problem(
        500,
        "Server error",
        "服务器出错，未能办完：请稍后再试，并告知管理员（a fault of ours: try again, tell the administrator)",
    )


def unreachable() -> JsonResponse:
    """The database does not answer; it is being brought back."""
    answer = problem(
        503,
        "Database unreachable",
        "数据库暂时连不上，未作任何处理：请稍后再试（the database does not answer: try again soon）",
    )
    answer["Retry-After"] = "2"
    return answer
