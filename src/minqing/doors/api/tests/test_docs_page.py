"""The page to try the API and the description it reads."""

from __future__ import annotations

import json
import re
from typing import Any

from django.test import Client


def test_the_page_has_no_script_of_its_own_and_loads_nothing_from_elsewhere(settings: Any) -> None:
    settings.ROOT_URLCONF = "minqing.doors.api.urls"
    page = Client().get("/api/v1/docs")
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    html = page.content.decode()
    scripts = re.findall(r"<script([^>]*)>(.*?)</script>", html, re.DOTALL)
    assert len(scripts) == 3
    assert all(("src=" in tag and not body) or 'type="application/json"' in tag for tag, body in scripts)
    assert "://" not in html and " style=" not in html and " on" not in re.sub(r">[^<]*<", "><", html)


def test_the_description_is_served_as_it_is_committed(settings: Any) -> None:
    settings.ROOT_URLCONF = "minqing.doors.api.urls"
    answer = Client().get("/api/v1/openapi.json")
    told = json.loads(answer.content)
    assert told["openapi"] == "3.1.0" and told["info"]["title"] == "民情 Minqing"
    assert Client().post("/api/v1/openapi.json").status_code == 405
