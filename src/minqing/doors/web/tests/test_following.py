"""Following by the pages: code and secret open the matter, the reporter's own moves are done, own data are theirs."""

from __future__ import annotations

import json
import re
import zipfile
from io import BytesIO
from ipaddress import ip_network
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from minqing.base.errors import MinqingError
from minqing.base.ledger.streams import ACCESS
from minqing.doors.web.tests.conftest import Pages
from minqing.doors.web.tests.test_reporting import LAMPS, photo, reported, spoken
from minqing.kernel.matters.actions import act
from minqing.kernel.matters.answering import reporter_answer
from minqing.kernel.matters.commands import Command, Refusal
from minqing.kernel.matters.events import Acted, Settled
from minqing.kernel.matters.own_data import copy_own
from minqing.kernel.matters.public import disclosed
from minqing.kernel.matters.queries import lines_of, look
from minqing.kernel.matters.tries import ADDRESS, MOST, is_shut
from minqing.registers.accounts.queries import viewer_in
from minqing.registers.accounts.rules import HOUSE, Viewer, reporter_of
from minqing.registers.accounts.scoping import seen_by
from minqing.registers.vault.queries import names_of, open_values

Matter = tuple[str, str]


@pytest.fixture
def matter(pages: Pages) -> Matter:
    code, secret, _page = reported(
        pages.as_(
            "",
        ),
        pages.grids[0],
    )
    return code, secret


def asked(client: Client, matter: Matter, path: str = "/follow", **more: Any) -> Any:
    return client.post(path, {"code": matter[0], "secret": matter[1], **more})


def once_in(client: Client, matter: Matter) -> str:
    found = re.search(r'name="once" value="([^"]+)"', asked(client, matter).content.decode())
    assert found is not None
    return found[1]


def verbs(code: str) -> list[str]:
    return [line.event.verb for line in lines_of(reporter_of(code), code) if isinstance(line.event, Acted)]


def settled(pages: Pages, code: str, words: str = "") -> None:
    """Its holder says it is solved: the call-back is due."""
    holder = look(reporter_of(code), code).stored.matter.holder
    person = next(viewer for one in pages.people if (viewer := _viewer(one.post)) is not None and viewer.unit == holder)
    done = act(code, Command("settle", records=("result",)), person, words=words)
    assert look(reporter_of(code), code).stored.matter.stage == "call-back", done


def _viewer(post: int) -> Viewer | None:
    return viewer_in(post)


def test_code_and_secret_show_how_it_stands_and_never_the_words(pages: Pages, matter: Matter) -> None:
    answer = asked(pages.as_(), matter)
    page = answer.content.decode()
    assert answer.status_code == 200 and "收到您反映的事" in page and "演示1格" in page
    assert LAMPS not in page and "演示居民" not in page


def test_a_wrong_secret_opens_nothing_and_what_was_typed_stays(pages: Pages, matter: Matter) -> None:
    answer = asked(pages.as_(), (matter[0], "AAAAA-AAAAA"))
    page = answer.content.decode()
    assert answer.status_code == 403 and f'value="{matter[0]}"' in page and "收到反映" not in page
    other = asked(pages.as_(), ("2222-2222", matter[1])).content.decode()
    assert re.findall(r'id="fault">.*?</div></div>', page) == re.findall(r'id="fault">.*?</div></div>', other)


def test_wrong_tries_are_counted_by_the_address_they_come_from(pages: Pages, matter: Matter, settings: Any) -> None:
    settings.PROXIES = (ip_network("10.0.0.0/8"),)
    near = {"REMOTE_ADDR": "10.1.1.1", "HTTP_X_FORWARDED_FOR": "203.0.113.9, 192.0.2.7"}
    for address, headers in (("192.0.2.7", near), ("192.0.2.8", {"REMOTE_ADDR": "192.0.2.8"})):
        for wrong in range(MOST[ADDRESS]):
            assert not is_shut({ADDRESS: address}), (address, wrong)
            assert pages.as_().post("/follow", {"code": f"x{wrong}", "secret": "x"}, **headers).status_code == 403
        assert is_shut({ADDRESS: address})
    assert not is_shut({ADDRESS: "10.1.1.1"}) and not is_shut({ADDRESS: "203.0.113.9"})
    assert (
        asked(pages.as_(), matter, headers={"X-Forwarded-For": "192.0.2.7"}).status_code == 200
    )  # nobody is locked out


def test_a_get_shows_no_matter(pages: Pages, matter: Matter) -> None:
    answer = pages.as_().get("/follow", {"code": matter[0], "secret": matter[1]})
    assert "收到反映" not in answer.content.decode()
    assert pages.as_().get("/follow/own").status_code == 405


def test_the_secret_goes_into_hidden_fields_only(pages: Pages, matter: Matter) -> None:
    page = asked(pages.as_(), matter).content.decode()
    assert page.count(matter[1]) == page.count(f'name="secret" value="{matter[1]}"') > 0


def test_the_reporter_reminds(pages: Pages, matter: Matter) -> None:
    answer = asked(pages.as_(), matter, do="remind", once=once_in(pages.as_(), matter))
    assert answer.status_code == 200 and "已经收到" in answer.content.decode()
    assert verbs(matter[0]) == ["remind"]


def test_a_move_that_is_sent_twice_is_done_once(pages: Pages, matter: Matter) -> None:
    once = once_in(pages.as_(), matter)
    asked(pages.as_(), matter, do="note", reason="还有一盏也不亮", once=once)
    again = asked(pages.as_(), matter, do="note", reason="还有一盏也不亮", once=once)
    assert again.status_code == 200 and "已经收到了" in again.content.decode()
    assert verbs(matter[0]) == ["note"]


def test_a_note_without_words_is_refused_beside_its_field(pages: Pages, matter: Matter) -> None:
    answer = asked(pages.as_(), matter, do="note", once=once_in(pages.as_(), matter))
    assert answer.status_code == 422 and 'id="note-reason-fault"' in answer.content.decode()
    assert verbs(matter[0]) == []


def test_words_of_a_form_whose_word_is_too_old_are_kept_and_not_done(pages: Pages, matter: Matter) -> None:
    strict = Client(enforce_csrf_checks=True, headers={"accept-language": "zh-hans", "origin": "http://testserver"})
    answer = asked(strict, matter, do="note", reason="昨天又黑了一盏", once=once_in(pages.as_(), matter))
    page = answer.content.decode()
    assert answer.status_code == 403 and "昨天又黑了一盏" in page and "内容都还在" in page and verbs(matter[0]) == []
    opening = asked(strict, matter)
    assert opening.status_code == 403 and f'value="{matter[1]}"' in opening.content.decode()
    assert "收到反映" not in opening.content.decode()
    nobody = asked(strict, (matter[0], "AAAAA-AAAAA"), do="note", reason="x")
    assert nobody.status_code == 403 and "收到反映" not in nobody.content.decode()


def test_withdrawing_asks_once_more_and_keeps_what_was_typed(pages: Pages, matter: Matter) -> None:
    once = once_in(pages.as_(), matter)
    unsure = asked(pages.as_(), matter, do="withdraw", reason="自己修好了", once=once)
    assert unsure.status_code == 422 and "自己修好了" in unsure.content.decode() and verbs(matter[0]) == []
    sure = asked(pages.as_(), matter, do="withdraw", reason="自己修好了", sure="yes", once=once)
    assert sure.status_code == 200 and "已办结" in sure.content.decode() and verbs(matter[0]) == ["withdraw"]
    assert "已经撤回，这件事不再办了" in sure.content.decode() and "已经收到：" not in sure.content.decode()
    again = asked(pages.as_(), matter, do="withdraw", reason="自己修好了", sure="yes", once=once)
    assert again.status_code == 200 and verbs(matter[0]) == ["withdraw"]


def test_a_step_of_the_desk_is_not_done_by_the_reporter(pages: Pages, matter: Matter) -> None:
    answer = asked(pages.as_(), matter, do="settle", once=once_in(pages.as_(), matter))
    assert answer.status_code == 422 and verbs(matter[0]) == []


def test_papers_of_the_desk_are_not_asked_of_a_resident(pages: Pages, matter: Matter) -> None:
    page = asked(pages.as_(), matter).content.decode()
    assert 'name="records"' not in page and 'name="reason"' in page


def test_files_are_added_and_what_is_no_picture_is_told(pages: Pages, matter: Matter) -> None:
    once = once_in(pages.as_(), matter)
    done = asked(pages.as_(), matter, do="file", once=once, files=[photo()])
    assert done.status_code == 200 and "文件已收下" in done.content.decode()
    asked(pages.as_(), matter, do="file", once=once, files=[photo()])
    with seen_by(HOUSE):
        assert [one.kind for one in names_of(matter[0])].count("file") == 1
    none = asked(pages.as_(), matter, do="file", once=once_in(pages.as_(), matter))
    assert none.status_code == 422 and "请先选择" in none.content.decode()


def test_a_recording_is_added_and_may_be_all_that_is_added(pages: Pages, matter: Matter) -> None:
    done = asked(pages.as_(), matter, do="file", once=once_in(pages.as_(), matter), voice=spoken())
    assert done.status_code == 200 and "文件已收下" in done.content.decode()
    with seen_by(HOUSE):
        assert [one.title for one in names_of(matter[0]) if one.kind == "file"] == ["录音 2 秒"]


def test_a_desk_hears_it_once_it_was_opened(pages: Pages, matter: Matter) -> None:
    asked(pages.as_(), matter, do="file", once=once_in(pages.as_(), matter), voice=spoken())
    with seen_by(HOUSE):
        name = next(one.name for one in names_of(matter[0]) if one.kind == "file")
    holder = look(reporter_of(matter[0]), matter[0]).stored.matter.holder
    unit = next(one.unit for one in pages.people if (v := _viewer(one.post)) is not None and v.unit == holder)
    desk = pages.as_(unit)
    assert "data:audio" not in desk.get(f"/matters/{matter[0]}").content.decode()
    page = desk.post(f"/matters/{matter[0]}/sealed", {"name": name, "reason": "听反映的内容"})
    assert '<audio controls class="w-100" src="data:audio/wav;base64,' in page.content.decode()
    assert "media-src 'self' data:" in page["Content-Security-Policy"]


def test_the_call_back_is_answered_and_who_calls_back_decides(pages: Pages, matter: Matter) -> None:
    assert 'value="answer"' not in asked(pages.as_(), matter).content.decode()
    settled(pages, matter[0])
    page = asked(pages.as_(), matter).content.decode()
    assert "承办单位说办好了，是这样吗" in page and "您已答复" not in page and 'name="to"' not in page
    page = answered(pages, matter, "no", answer_words="还是不亮").content.decode()
    assert "您的答复已记下" in page and "您已答复：不满意" in page and "改一下" in page
    assert "承办单位说办好了，是这样吗" not in page
    with seen_by(HOUSE):
        assert "还是不亮" in {value.decode() for value in open_values(matter[0]).values()}
    stored = look(reporter_of(matter[0]), matter[0]).stored.matter
    assert stored.stage == "call-back" and stored.returns == 0


def answered(pages: Pages, matter: Matter, answer: str, **more: str) -> Any:
    """The page after the call-back was answered there."""
    return asked(
        pages.as_(),
        matter,
        do="answer",
        answer=answer,
        once=once_in(pages.as_(), matter),
        **{"answer_words": ""} | more,
    )


def test_an_answer_needs_no_words_and_may_be_changed(pages: Pages, matter: Matter) -> None:
    settled(pages, matter[0])
    assert "您已答复：不满意" in answered(pages, matter, "no").content.decode()
    assert "您已答复：满意" in answered(pages, matter, "yes").content.decode()
    given = reporter_answer(lines_of(reporter_of(matter[0]), matter[0]))
    assert given is not None and (given.answer, given.body) == ("satisfied", "")


def test_an_answer_counts_for_the_round_it_was_given_in(pages: Pages, matter: Matter) -> None:
    settled(pages, matter[0])
    answered(pages, matter, "no")
    lines = lines_of(reporter_of(matter[0]), matter[0])
    again = next(line for line in lines if isinstance(line.event, Settled))
    assert reporter_answer(lines) is not None and reporter_answer([*lines, again]) is None


def test_nobody_answers_a_call_back_that_is_not_due(pages: Pages, matter: Matter) -> None:
    said = asked(pages.as_(), matter, do="answer", answer="yes", once=once_in(pages.as_(), matter))
    assert said.status_code == 422 and "不能办" in said.content.decode()
    done = act(matter[0], Command("note", to="satisfied"), reporter_of(matter[0]))
    assert isinstance(done, Refusal) and done.reason == "not-asked"


def test_the_solver_does_not_answer_in_the_reporters_place(pages: Pages, matter: Matter) -> None:
    settled(pages, matter[0])
    for post in (one.post for one in pages.people):
        viewer = _viewer(post)
        assert viewer is not None
        try:
            done = act(matter[0], Command("note", to="satisfied"), viewer)
        except MinqingError:
            continue
        assert isinstance(done, Refusal), viewer


def test_the_reporter_rates_once_it_is_said_to_be_solved(pages: Pages, matter: Matter) -> None:
    settled(pages, matter[0])
    told = {"stars": "4", "reason": "来得快，就是还有点暗"}
    done = asked(pages.as_(), matter, do="rate", **told, once=once_in(pages.as_(), matter))
    assert done.status_code == 200, done.content.decode()
    assert look(reporter_of(matter[0]), matter[0]).stored.matter.stars == 4
    again = asked(pages.as_(), matter).content.decode()
    assert "您的评价：4 星" in again and told["reason"] in again, "the words stay to be read by who wrote them"


def test_the_digits_of_the_phone_show_the_own_words(pages: Pages, matter: Matter) -> None:
    wrong = asked(pages.as_(), matter, do="words", last4="9999")
    assert wrong.status_code == 422 and LAMPS not in wrong.content.decode()
    assert LAMPS in asked(pages.as_(), matter, do="words", last4="1234").content.decode()


def test_a_copy_holds_all_words_and_files_of_that_matter_alone(pages: Pages, matter: Matter) -> None:
    reported(pages.as_(), pages.grids[0], text="另一件事情")
    asked(pages.as_(), matter, do="file", once=once_in(pages.as_(), matter), files=[photo()])
    answer = asked(pages.as_(), matter, "/follow/own", want="copy", last4="1234")
    assert answer.status_code == 200 and answer["Content-Type"] == "application/zip"
    with zipfile.ZipFile(BytesIO(answer.content)) as packed:
        told = json.loads(packed.read("个人信息.json"))
        assert len([name for name in packed.namelist() if name.endswith(".jpg")]) == 1
    assert [one["编码"] for one in told["事项"]] == [matter[0]]
    words = {one["内容"] for one in told["事项"][0]["内容"]}
    assert {LAMPS, "演示居民", "13800001234"} <= words


def test_without_the_digits_nothing_is_copied_or_erased(pages: Pages, matter: Matter) -> None:
    asked(pages.as_(), matter, do="withdraw", sure="yes", once=once_in(pages.as_(), matter))
    for want in ("copy", "erase"):
        for digits in ("", "4321"):
            answer = asked(pages.as_(), matter, "/follow/own", want=want, last4=digits, sure="yes")
            assert answer.status_code == 422 and "后四位" in answer.content.decode(), (want, digits)
    with seen_by(HOUSE):
        assert "text" in {one.kind for one in names_of(matter[0])}


def test_without_the_secret_nothing_is_copied_or_erased(pages: Pages, matter: Matter) -> None:
    for want in ("copy", "erase"):
        answer = asked(pages.as_(), (matter[0], "AAAAA-AAAAA"), "/follow/own", want=want, last4="1234", sure="yes")
        assert answer.status_code == 403, want


def test_an_open_matter_is_not_erased(pages: Pages, matter: Matter) -> None:
    answer = asked(pages.as_(), matter, "/follow/own", want="erase", last4="1234", sure="yes")
    assert answer.status_code == 422 and "还没有办结" in answer.content.decode()
    assert LAMPS in asked(pages.as_(), matter, do="words", last4="1234").content.decode()


def test_an_ended_matter_is_erased_when_its_reporter_is_sure(pages: Pages, matter: Matter) -> None:
    asked(pages.as_(), matter, do="withdraw", sure="yes", once=once_in(pages.as_(), matter))
    unsure = asked(pages.as_(), matter, "/follow/own", want="erase", last4="1234")
    assert unsure.status_code == 422 and "请先勾选" in unsure.content.decode()
    done = asked(pages.as_(), matter, "/follow/own", want="erase", last4="1234", sure="yes")
    assert done.status_code == 200 and "已经销毁" in done.content.decode()
    with seen_by(HOUSE):
        assert names_of(matter[0]) == ()
    after = asked(pages.as_(), matter)
    assert after.status_code == 200 and "已办结" in after.content.decode()  # the journal, without words, stays


def test_who_left_no_phone_is_sent_to_the_counter(pages: Pages) -> None:
    code, secret, _page = reported(pages.as_(), pages.grids[0], phone="")
    answer = asked(pages.as_(), (code, secret), "/follow/own", want="copy", last4="1234")
    assert answer.status_code == 422


def test_the_kernel_gives_no_copy_by_another_matters_secret(pages: Pages, matter: Matter) -> None:
    other = reported(pages.as_(), pages.grids[0], text="另一件事情")
    with pytest.raises(Exception, match="编码或密码不对"):
        copy_own(matter[0], other[1], "1234", "192.0.2.1")
    assert disclosed(matter[0], matter[1], "192.0.2.1").code == matter[0]


def test_words_that_tell_of_danger_are_answered_with_whom_to_call(pages: Pages, matter: Matter) -> None:
    calm = asked(pages.as_(), matter, do="note", reason="还有一盏也不亮", once=once_in(pages.as_(), matter))
    assert "情况紧急" not in calm.content.decode()
    urgent = asked(pages.as_(), matter, do="note", reason="有人要跳楼", once=once_in(pages.as_(), matter))
    assert "情况紧急" in urgent.content.decode() and 'href="tel:110"' in urgent.content.decode()


def test_the_answer_to_the_reporter_is_read_by_who_has_the_secret(pages: Pages, matter: Matter) -> None:
    assert "给您的答复" not in asked(pages.as_(), matter).content.decode()
    person = next(one for one in pages.people if one.level == "village")
    worker = viewer_in(person.post)
    form = next(one for one in look(worker, matter[0]).offers if one.verb == "settle")
    assert next(ask.title_zh for ask in form.asks if ask.name == "reason") == "给反映人的答复（本人会看到）"
    done = act(matter[0], Command("settle", records=("result",)), worker, words="三盏都换了新灯头<b>")
    assert not isinstance(done, Refusal)
    page = asked(pages.as_(), matter).content.decode()
    assert "给您的答复" in page and "三盏都换了新灯头&lt;b&gt;" in page


def test_a_page_opens_the_answer_to_the_reporter_once_also_after_a_move(pages: Pages, matter: Matter) -> None:
    settled(pages, matter[0], words="三盏都换了新灯头")
    once, before = once_in(pages.as_(), matter), lines_of_access()
    assert "三盏都换了新灯头" in asked(pages.as_(), matter).content.decode()
    assert lines_of_access() - before == 1
    for move in ({"do": "answer", "answer": "yes", "answer_words": ""}, {"do": "answer"}, {"do": "file"}):
        before = lines_of_access()
        assert "三盏都换了新灯头" in asked(pages.as_(), matter, once=once, **move).content.decode()
        assert lines_of_access() - before == 1, move


def lines_of_access() -> int:
    with seen_by(HOUSE), connection.cursor() as cursor:
        cursor.execute("select count(*) from ledger_line where stream = %s", [ACCESS.number])
        return int(cursor.fetchone()[0])
