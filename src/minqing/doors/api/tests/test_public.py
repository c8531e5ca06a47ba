"""The reporter's way in: with the secret how it stands and what may be done; without it, nothing."""

from __future__ import annotations

from minqing.doors.api.shown import PublicOut
from minqing.doors.api.tests.conftest import Answer, Desk

GRID, TOWN = "grid-330727101201001", "town-330727101"
METHOD = "wushan-three-rests"


def opened(desk: Desk, **told: object) -> tuple[str, str]:
    answer = desk.report(method=METHOD, **told)
    return answer.body["code"], answer.body["secret"]


def asked(desk: Desk, code: str, secret: str, **more: object) -> Answer:
    headers = {name: more.pop(name) for name in list(more) if name[0].isupper()}
    return desk.ask("", "POST", f"public/{code}", {"secret": secret, **more}, **headers)


def test_the_secret_shows_how_it_stands_in_plain_words(desk: Desk) -> None:
    code, secret = opened(desk)
    told = asked(desk, code, secret)
    assert told.status == 200
    assert (told.body["code"], told.body["clock"], told.body["holder"]) == (code, "running", "演示1格")
    assert told.body["stage"] == "网格调处" and told.body["position"] >= len(told.body["steps"]) > 0
    assert "title" not in told.body and "三盏" not in str(told.body)
    assert asked(desk, code.lower(), secret.replace("-", " ").lower()).status == 200


def test_the_digits_of_the_phone_show_the_own_words_too(desk: Desk) -> None:
    code, secret = opened(desk, reporter={"name": "演示居民", "phone": "13800001234"})
    told = asked(desk, code, secret, last4="1234").body
    assert (told["title"], told["text"]) == ("路灯不亮", "村口三盏路灯不亮")
    wrong = asked(desk, code, secret, last4="4321")
    assert wrong.status == 403 and "三盏" not in str(wrong.body)


def test_with_wrong_digits_no_move_is_made(desk: Desk) -> None:
    code, secret = opened(desk, reporter={"name": "演示居民", "phone": "13800001234"})
    before = asked(desk, code, secret).body["position"]
    wrong = asked(desk, code, secret, last4="4321", move={"move": "withdraw"})
    assert wrong.status == 403
    told = asked(desk, code, secret).body
    assert (told["position"], told["clock"]) == (before, "running")
    done = asked(desk, code, secret, last4="1234", move={"move": "withdraw"})
    assert (done.status, done.body["clock"], done.body["title"]) == (200, "ended", "路灯不亮")


def test_wrong_codes_and_wrong_secrets_are_told_the_same(desk: Desk) -> None:
    code, secret = opened(desk)
    answers = [
        asked(desk, code, "AAAAA-AAAAA"),
        asked(desk, "2222-2222", secret),
        asked(desk, "nothing", secret),
        asked(desk, code, "\u00e9"),
    ]
    assert {answer.status for answer in answers} == {403}
    assert all(answer.body == answers[0].body for answer in answers)


def test_after_many_wrong_tries_the_right_secret_still_opens(desk: Desk) -> None:
    code, secret = opened(desk)
    wrong = [asked(desk, code, "AAAAA-AAAAA") for _ in range(31)]
    assert {answer.status for answer in wrong} == {403} and all(one.body == wrong[0].body for one in wrong)
    assert asked(desk, code, secret).status == 200


def test_the_reporter_takes_the_moves_that_are_the_reporters(desk: Desk) -> None:
    code, secret = opened(desk)
    assert "withdraw" in {move["move"] for move in asked(desk, code, secret).body["moves"]}
    refused = asked(desk, code, secret, move={"move": "settle"})
    assert (refused.status, refused.body["reason"]) == (422, "not-yours") and refused.body["moves"]
    done = asked(desk, code, secret, move={"move": "note", "reason": "还有一盏也不亮"})
    assert done.status == 200
    gone = asked(desk, code, secret, move={"move": "withdraw"})
    assert gone.status == 200 and gone.body["clock"] == "ended"


def test_a_reporters_move_on_an_old_position_shows_both_sides(desk: Desk) -> None:
    code, secret = opened(desk)
    assert desk.move(GRID, code, "grade", to="yellow", reason="看过现场").status == 200  # not all of it is told
    before = asked(desk, code, secret)
    assert before.body["position"] > len(before.body["steps"])
    seen, many = before.headers["ETag"], len(before.body["steps"])
    desk.move(GRID, code, "accept")
    stale = asked(desk, code, secret, move={"move": "withdraw"}, If_Match=seen)
    assert stale.status == 409 and stale.body["yours"]["move"] == "withdraw"
    since = asked(desk, code, secret).body["steps"][many:]
    assert stale.body["theirs"]["steps"] == since and since and "duties" not in stale.body["theirs"]


def test_the_own_answer_and_the_own_rating_are_shown_as_the_pages_show_them(desk: Desk) -> None:
    code, secret = opened(desk)
    before = asked(desk, code, secret).body
    nothing = {"reply": "", "replied": None, "answer": "", "answered": None, "stars": 0, "rating": ""}
    assert {name: before[name] for name in nothing} == nothing
    assert desk.move(GRID, code, "settle", records=["result"], reason="灯泡已换").status == 200
    answered = asked(desk, code, secret, move={"move": "note", "to": "unsatisfied"}).body
    assert answered["answer"] == "unsatisfied" and answered["answered"] and answered["reply"] == "灯泡已换"
    rated = asked(desk, code, secret, move={"move": "rate", "stars": 2, "reason": "等了太久"}).body
    assert (rated["stars"], rated["rating"]) == (2, "等了太久")
    assert set(rated) | {"title", "text"} == set(PublicOut.model_fields), "the description says all that is shown"


def test_a_reporters_request_sent_again_is_not_done_again(desk: Desk) -> None:
    code, secret = opened(desk)
    first = asked(desk, code, secret, move={"move": "note", "reason": "催一下"}, Idempotency_Key="k")
    again = asked(desk, code, secret, move={"move": "note", "reason": "催一下"}, Idempotency_Key="k")
    assert again.status == 200 and again.headers["Idempotency-Replayed"] == "true"
    assert again.body["position"] == first.body["position"]


def test_without_the_secret_no_move_is_made(desk: Desk) -> None:
    code, secret = opened(desk)
    before = asked(desk, code, secret).body["position"]
    tried = asked(desk, code, "AAAAA-AAAAA", move={"move": "withdraw"})
    assert tried.status == 403
    assert asked(desk, code, secret).body["position"] == before
