"""The page to try the API: Swagger UI as django-ninja ships it, without a line of inline script.

Its files are served by `minqing serve` below /static/ninja, from the installed package: nothing comes from elsewhere.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

#: Swagger UI sets styles while it runs, and its arrows are data images; scripts come from files only.
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_PAGE = """<!DOCTYPE html>
<html lang="zh">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>民情 API · Minqing API</title>
<link rel="stylesheet" href="/static/ninja/swagger-ui.css">
<link rel="icon" href="/static/ninja/favicon.svg" type="image/svg+xml">
</head>
<body>
<noscript>试用页需要浏览器脚本；接口说明见 openapi.json（this page needs scripts; see openapi.json）。</noscript>
<script type="application/json" id="swagger-settings">
{"url": "openapi.json", "layout": "BaseLayout", "deepLinking": true, "persistAuthorization": false}
</script>
<div id="swagger-ui"></div>
<script src="/static/ninja/swagger-ui-bundle.js"></script>
<script src="/static/ninja/swagger-ui-init.js"></script>
</body>
</html>
"""


@require_GET
def docs_page(request: HttpRequest) -> HttpResponse:
    """The page; it reads the OpenAPI that stands beside it."""
    return HttpResponse(_PAGE, headers={"Content-Security-Policy": CSP})
