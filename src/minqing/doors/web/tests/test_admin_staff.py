"""Units, posts and people on the administrator's pages."""

from __future__ import annotations

import datetime as dt

from django.db import connection
from django.test import Client

from minqing.base import moments
from minqing.doors.web.tests.admin_ground import browser_of
from minqing.doors.web.tests.conftest import Pages
from minqing.kernel.matters.trial_staff import Person
from minqing.registers.accounts.queries import posts, users_by_login
from minqing.registers.regions.actions import end_post, set_leave
from minqing.registers.regions.codes import parse_code, village_of
from minqing.registers.regions.grids import close_grids
from minqing.registers.regions.queries import known_places


def grid_of(pages: Pages) -> Person:
    return next(one for one in pages.people if one.level == "grid")


def test_only_an_administrator_opens_the_pages_of_units_and_posts(pages: Pages, office: Client) -> None:
    village = next(one.unit for one in pages.people if one.level == "village")
    for path in ("/admin", "/admin/units", f"/admin/units/{village}", "/admin/posts", "/admin/people"):
        assert pages.as_(village).get(path).status_code == 403, path
        assert pages.as_().get(path)["Location"].startswith("/sign-in"), path
        assert office.get(path).status_code == 200, path


def test_a_unit_is_found_by_part_of_its_name(office: Client) -> None:
    page = office.get("/admin/units", {"q": "公安"}).content.decode()
    assert "演示公安局" in page and "演示水利局" not in page


def test_lists_say_which_village_a_grid_is_of_and_where_people_serve(pages: Pages, office: Client) -> None:
    worker = grid_of(pages)
    (seat,) = [row for row in posts() if row.post == worker.post]
    village = known_places([key := village_of(parse_code(pages.grids[0])) or 0])[key].name
    page = office.get("/admin/units", {"level": "grid"}).content.decode()
    assert f">{village} " in page
    page = office.get("/admin/people", {"q": seat.login}).content.decode()
    assert f'在任单位">{seat.unit_name}</td>' in page


def test_somebody_new_gets_a_post_and_the_line_names_the_administrator(
    pages: Pages, office: Client, administrator: Person
) -> None:
    unit = grid_of(pages).unit
    sent = {"login": "chen.wei", "name": "演示·陈伟", "title": "mediator", "role": "grid_worker", "from": "2026-03-01"}
    answer = office.post(f"/admin/units/{unit}/open", sent)
    assert (answer.status_code, answer["Location"]) == (302, f"/admin/units/{unit}")
    row = next(one for one in posts(unit) if one.login == "chen.wei")
    assert (row.person, row.title, row.role, row.starts) == (
        "演示·陈伟",
        "mediator",
        "grid_worker",
        dt.date(2026, 3, 1),
    )
    with connection.cursor() as cursor:
        cursor.execute("select actor from ledger_line where stream = 3 and kind = 'UserSeated' order by recorded")
        assert [actor for (actor,) in cursor.fetchall()][-1] == administrator.person


def test_a_form_that_is_refused_comes_back_as_it_was_filled_with_what_to_do(pages: Pages, office: Client) -> None:
    unit = grid_of(pages).unit
    sent = {
        "login": "newcomer",
        "name": "",
        "title": "staff",
        "role": "leader",
        "from": "2026-13-01",
        "to": "2027-01-31",
    }
    answer = office.post(f"/admin/units/{unit}/open", sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="newcomer"' in page and 'value="2027-01-31"' in page
    assert "新同事请写姓名" in page and "请写成 2026-01-01 这样的日期" in page
    assert "newcomer" not in users_by_login(["newcomer"])


def test_an_administrator_gives_no_post_to_themselves(pages: Pages, office: Client, administrator: Person) -> None:
    login = next(one.login for one in posts() if one.post == administrator.post)
    unit = grid_of(pages).unit
    answer = office.post(
        f"/admin/units/{unit}/open", {"login": login, "title": "staff", "role": "grid_worker", "from": "2026-03-01"}
    )
    assert answer.status_code == 422 and "不能给自己安排岗位" in answer.content.decode()
    assert login not in {one.login for one in posts(unit)}
    stands_in = {"from": str(moments.today()), "stand_in": str(administrator.post)}
    answer = office.post(f"/admin/posts/{grid_of(pages).post}/leave", stands_in)
    assert answer.status_code == 422 and posts(post=grid_of(pages).post)[0].stand_in is None


def test_the_end_of_a_post_says_first_what_goes_back_to_the_unit(pages: Pages, office: Client) -> None:
    person = grid_of(pages)
    other = next(one for one in pages.people if one.level == "village")
    set_leave(other.post, moments.today(), None, person.post)
    page = office.get(f"/admin/posts/{person.post}/end").content.decode()
    assert "手上没有未办结的事项" in page and "不再为" in page and "代班：请另行安排" in page
    assert posts(post=person.post)[0].ends is None
    assert office.post(f"/admin/posts/{person.post}/end", {"on": str(moments.today())}).status_code == 302
    assert posts(post=person.post)[0].ends == moments.today()


def test_leave_is_set_with_a_stand_in_and_taken_back(pages: Pages, office: Client) -> None:
    first, second = [one for one in pages.people if one.level == "village"][:2]
    office.post(f"/admin/posts/{first.post}/leave", {"from": str(moments.today()), "stand_in": str(second.post)})
    row = posts(post=first.post)[0]
    assert (row.absent_from, row.stand_in) == (moments.today(), second.post)
    office.post(f"/admin/posts/{first.post}/leave", {"back": "1"})
    row = posts(post=first.post)[0]
    assert (row.absent_from, row.stand_in) == (None, None)


def test_whoever_is_closed_holds_no_post_and_nobody_closes_themselves(
    pages: Pages, office: Client, administrator: Person
) -> None:
    names = {one.post: one.login for one in posts(past=True)}
    login, own = names[grid_of(pages).post], names[administrator.post]
    assert "1 个岗位今天结束" in office.get(f"/admin/people/who/{login}").content.decode()
    unsure = office.post(f"/admin/people/who/{login}", {"do": "close"})
    assert unsure.status_code == 422 and "请先核实此人已经离开" in unsure.content.decode()
    assert office.post(f"/admin/people/who/{login}", {"do": "close", "sure": "1"}).status_code == 302
    assert posts(past=True, post=grid_of(pages).post)[0].ends == moments.today()
    assert office.post(f"/admin/people/who/{own}", {"do": "close", "sure": "1"}).status_code == 403
    assert office.get("/admin").status_code == 200


def test_what_the_registers_refuse_of_a_post_is_said_in_english_too(pages: Pages, administrator: Person) -> None:
    unit = next(one.unit for one in pages.people if one.level == "grid")
    for row in posts(unit):
        end_post(row.post, row.starts)
    close_grids([parse_code(unit.removeprefix("grid-"))])
    sent = {"login": "chen.wei", "name": "Chen", "title": "mediator", "role": "grid_worker", "from": "2026-03-01"}
    answer = browser_of(administrator, "en").post(f"/admin/units/{unit}/open", sent)
    page = answer.content.decode()
    assert answer.status_code == 422 and "is closed, nobody begins to serve there" in page and "已停用" not in page
