"""What is sealed is named and opened one by one; files are put on record clean."""

from __future__ import annotations

import base64
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from minqing.doors.api.tests.conftest import Answer, Desk

GRID, TOWN, VILLAGE = "grid-330727101201001", "town-330727101", "village-330727101201"
METHOD = "wushan-three-rests"


def picture(color: str = "red") -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (8, 8), color).save(made, "PNG")
    return made.getvalue()


def attached(
    desk: Desk, code: str, data: bytes = b"", who: str = GRID, name: str = "演示 张三的照片.png", **more: Any
) -> Answer:
    headers = {name.replace("_", "-"): more.pop(name) for name in list(more) if name[0].isupper()}
    headers["Authorization"] = f"Bearer {desk.tokens[who]}"
    file = SimpleUploadedFile(name, data or picture(), "image/png")
    answer = desk.client.post(f"/api/v1/matters/{code}/files", {"file": file, **more}, headers=headers)
    return Answer(answer.status_code, answer.json(), dict(answer.headers))


def test_the_holder_opens_a_sealed_field_with_a_reason(desk: Desk) -> None:
    code = desk.code(method=METHOD, reporter={"name": "演示居民", "phone": "13800001234"})
    told = desk.ask(GRID, "GET", f"matters/{code}").body
    phone = next(one for one in told["sealed"] if one["kind"] == "phone")
    assert "13800001234" not in str(told)
    move = next(move for move in told["moves"] if move["move"] == "reveal")
    assert phone["name"] in move["fields"]["properties"]["name"]["enum"]
    longest = move["fields"]["properties"]["reason"]["maxLength"]
    assert desk.move(GRID, code, "reveal", name=phone["name"], reason="长" * (longest + 1)).status == 422
    assert desk.move(GRID, code, "reveal", name=phone["name"], reason="长" * longest).status == 200
    opened = desk.move(GRID, code, "reveal", name=phone["name"], reason="回电核实地点")
    assert opened.status == 200 and opened.body["revealed"]["text"] == "13800001234"
    assert opened.body["position"] == told["position"]


def test_without_a_reason_or_a_part_nothing_is_opened(desk: Desk) -> None:
    code = desk.code(method=METHOD, reporter={"name": "演示居民"})
    name = desk.ask(GRID, "GET", f"matters/{code}").body["sealed"][0]["name"]
    assert desk.move(GRID, code, "reveal", name=name).status == 422
    assert desk.move(GRID, code, "reveal", name=name, reason="  ").status == 422
    assert desk.move(GRID, code, "reveal", name=name, reason="x", colour="red").status == 422
    assert desk.move(GRID, code, "reveal", name="nothing", reason="x").status == 404
    assert desk.move("hotline", code, "reveal", name=name, reason="x").status == 403


def test_a_picture_is_put_on_record_and_can_be_opened(desk: Desk) -> None:
    code = desk.code(method=METHOD)
    done = attached(desk, code, record="photo")
    assert done.status == 200, done
    file = next(one for one in done.body["sealed"] if one["kind"] == "file")
    assert "张三" not in str(done.body)
    opened = desk.move(GRID, code, "reveal", name=file["name"], reason="核对现场").body["revealed"]
    assert opened["media"].startswith("image/")
    assert Image.open(io.BytesIO(base64.b64decode(opened["data"]))).size == (8, 8)


def test_a_file_sent_again_is_not_put_on_record_again(desk: Desk) -> None:
    code = desk.code(method=METHOD)
    first, again = (attached(desk, code, Idempotency_Key="f") for _ in range(2))
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.body["position"] == first.body["position"]
    assert attached(desk, code, picture("blue"), Idempotency_Key="f").body["reason"] == "key-used"


@pytest.mark.parametrize(
    ("data", "more", "status"),
    [
        (b"#!/bin/sh", {}, 422),
        (b"", {"record": "no such"}, 422),
        (b"", {"keep_position": "perhaps"}, 422),
        (b"", {"colour": "red"}, 422),
        (b"", {"title": "长" * 201}, 422),
        (b"", {"title": "\ufffd"}, 422),
        (b"", {"record": ["photo", "photo"]}, 422),
        (b"", {"If_Match": '"1"'}, 409),
        (b"x" * 10_100_000, {}, 413),
    ],
)
def test_another_file_is_refused_in_a_sentence(desk: Desk, data: bytes, more: dict[str, Any], status: int) -> None:
    code = desk.code(method=METHOD)
    answer = attached(desk, code, data, **more)
    assert answer.status == status and answer.body["detail"]


def test_a_long_name_of_a_file_is_no_fault(desk: Desk) -> None:
    code = desk.code(method=METHOD)
    assert attached(desk, code, name=f"{'长' * 240}.png").status == 200


def test_who_sees_no_matter_is_told_the_same_of_every_file(desk: Desk) -> None:
    code = desk.code(method=METHOD)
    other = "grid-330727101201002"
    unseen = [attached(desk, code, data, who=other) for data in (b"#!/bin/sh", picture())]
    assert [answer.status for answer in unseen] == [404, 404] and unseen[0].body == unseen[1].body


def test_what_is_no_form_is_refused(desk: Desk) -> None:
    code = desk.code(method=METHOD)
    assert desk.ask(GRID, "POST", f"matters/{code}/files", {"file": "x"}).status == 415
    media = {"Content-Type": "multipart/form-data"}
    assert desk.ask(GRID, "POST", f"matters/{code}/files", raw=b"nothing", **media).status == 400
    media = {"Content-Type": "multipart/form-data; boundary=b"}
    assert desk.ask(GRID, "POST", f"matters/{code}/files", raw=b"--b--\r\n", **media).status == 422
    assert attached(desk, code, who=VILLAGE).status in (200, 422)
    assert attached(desk, "2222-2222").status == 404
