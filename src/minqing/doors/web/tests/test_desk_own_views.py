"""Lists as their users keep them: own, named, renamed, removed; never a watch on a person."""

from __future__ import annotations

import re

from django.test import Client

from minqing.doors.web.tests.conftest import Pages
from minqing.doors.web.tests.test_desk import TOWN, VILLAGE, codes_on, come_in, html_of


def kept(client: Client, address: str) -> dict[str, str]:
    """The views that a page shows: where each leads, by its name."""
    part = re.search(r'<nav class="filters" aria-label="我的常用">(.*?)</nav>', html_of(client, address), re.S)
    found = re.findall(r'<a class="btn[^>]* href="([^"]+)">.*?</svg>\s*([^<]+)</a>', part[1], re.S) if part else []
    return {name.strip(): where.replace("&amp;", "&") for where, name in found}


def keep(client: Client, address: str, name: str) -> int:
    return client.post(address, {"do": "keep", "name": name}).status_code


def number(client: Client, address: str) -> str:
    found = re.search(r'name="view" value="(\d+)"', html_of(client, address))
    assert found is not None
    return found[1]


def test_a_list_is_kept_with_filters_sort_and_search_and_opens_as_it_was(pages: Pages) -> None:
    (lamp,) = come_in(pages, "村口路灯不亮")
    come_in(pages, "井盖松动")
    village = pages.as_(VILLAGE)
    assert "存为我的常用" not in html_of(village, "/matters"), "nothing is narrowed yet"
    answer = village.post("/matters?q=路灯&channel=hotline&after=x&foo=1", {"do": "keep", "name": " 路灯的 "})
    assert answer.status_code == 302
    ((name, where),) = kept(village, "/matters").items()
    assert name == "路灯的" and where.startswith("/matters?channel=hotline&q=") and "foo" not in where
    html = html_of(village, where)
    assert codes_on(html) == [lamp] and "存为我的常用" not in html, "it is kept already"
    assert keep(village, "/inbox?list=area&late=1&sort=ruling", "辖区超时") == 302
    assert kept(village, "/inbox") == {"辖区超时": "/inbox?list=area&late=1&sort=ruling"}


def test_a_view_is_its_users_alone(pages: Pages) -> None:
    first, colleague = pages.as_(VILLAGE), pages.as_(f"{VILLAGE}/2")
    keep(first, "/matters?late=1", "超时的")
    view = number(first, "/matters")
    assert kept(colleague, "/matters") == {} == kept(pages.as_(TOWN), "/matters")
    for did in ("rename", "drop"):
        answer = colleague.post("/matters", {"do": did, "view": view, "name": "我的"})
        assert answer.status_code == 422 and "已经不在了" in answer.content.decode(), did
    assert list(kept(first, "/matters")) == ["超时的"]


def test_a_view_is_renamed_replaced_under_its_name_and_removed(pages: Pages) -> None:
    village = pages.as_(VILLAGE)
    keep(village, "/matters?late=1", "超时的")
    keep(village, "/matters?late=0", "不急的")
    assert (
        village.post("/matters", {"do": "rename", "view": number(village, "/matters"), "name": "急的"}).status_code
        == 302
    )
    assert kept(village, "/matters") == {"急的": "/matters?late=1", "不急的": "/matters?late=0"}
    answer = village.post("/matters", {"do": "rename", "view": number(village, "/matters"), "name": "不急的"})
    assert answer.status_code == 422 and "已经有一个叫“不急的”的常用" in answer.content.decode()
    keep(village, "/matters?state=ended", "急的")
    assert kept(village, "/matters")["急的"] == "/matters?state=ended"
    village.post("/matters", {"do": "drop", "view": number(village, "/matters")})
    assert list(kept(village, "/matters")) == ["不急的"]


def test_no_view_holds_what_looks_like_a_person(pages: Pages) -> None:
    village = pages.as_(VILLAGE)
    for address, name in (
        ("/matters?q=王小明", "常看"),
        ("/matters?q=13800000000", "常看"),
        ("/matters?late=1", "王小明"),
    ):
        answer = village.post(address, {"do": "keep", "name": name})
        assert answer.status_code == 422 and "像是人名、电话或证件号" in answer.content.decode(), address
    keep(village, "/matters?late=1", "常看")
    answer = village.post("/matters", {"do": "rename", "view": number(village, "/matters"), "name": "王小明"})
    assert answer.status_code == 422 and list(kept(village, "/matters")) == ["常看"]


def test_no_view_holds_a_value_that_is_none_of_ours(pages: Pages) -> None:
    village = pages.as_(VILLAGE)
    person = "张三丰13800138000"
    keep(village, f"/matters?late=1&place={person}&stage={person}&category={person}&list={person}", "常看")
    keep(village, "/matters?place=演示1格&channel=hotline", "这一格")
    assert kept(village, "/matters") == {
        "常看": "/matters?late=1",
        "这一格": f"/matters?channel=hotline&place={pages.grids[0]}",
    }


def test_no_more_than_twenty_are_kept_and_what_was_typed_is_not_lost(pages: Pages) -> None:
    village = pages.as_(VILLAGE)
    answer = village.post("/inbox?late=1", {"do": "keep", "name": "名" * 21})
    assert answer.status_code == 422 and f'value="{"名" * 21}"' in answer.content.decode()
    assert keep(village, "/inbox?late=1", "  ") == 422
    for count in range(20):
        assert keep(village, "/inbox?late=1", f"第{count}个") == 302
    answer = village.post("/inbox?today=1", {"do": "keep", "name": "又一个"})
    assert answer.status_code == 422 and "最多存 20 个" in answer.content.decode()
    assert keep(village, "/inbox?today=1", "第3个") == 302, "a name that is there is replaced"
    assert "已经存满 20 个" in html_of(village, "/inbox?gravity=1") and len(kept(village, "/inbox")) == 20
    assert keep(village, "/matters?late=1", "另一页") == 302
