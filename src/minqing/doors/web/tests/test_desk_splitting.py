"""Messages of a chat group, pasted: parted, and without the names of their writers."""

from __future__ import annotations

import pytest

from minqing.doors.web.desk.splitting import MOST_MESSAGES, messages_in
from minqing.doors.web.reported import title_from


@pytest.mark.parametrize(
    ("pasted", "messages"),
    [
        ("路灯不亮\n\n井盖松动\n已经三天了", ["路灯不亮", "井盖松动\n已经三天了"]),
        ("[10:02] 演示甲: 路灯不亮\n[10:03] 演示乙: 井盖松动", ["路灯不亮", "井盖松动"]),
        ("【昨天 10:02】演示甲：路灯不亮\n在村口", ["路灯不亮\n在村口"]),
        ("演示甲 2026/11/20 10:02\n路灯不亮\n\n在村口\n演示乙 11-20 10:05\n井盖松动", ["路灯不亮\n在村口", "井盖松动"]),
        ("2026-11-20 10:02:11 演示甲\n路灯不亮\n2026-11-20 10:03:00 演示乙\n井盖松动", ["路灯不亮", "井盖松动"]),
        ("11月20日 10:02\n路灯不亮", ["路灯不亮"]),
        ("10:02 演示甲：路灯不亮", ["路灯不亮"]),
        ("路灯不亮\n\n路灯不亮", ["路灯不亮"]),
        ("[10:02] 演示甲: [图片]\n[10:03] 演示乙: 井盖松动", ["井盖松动"]),
        ("“演示甲”加入了群聊\n\n路灯不亮\n\n------", ["路灯不亮"]),
        ("", []),
        ("   \r\n\r\n", []),
    ],
)
def test_a_paste_is_parted_into_messages_without_names(pasted: str, messages: list[str]) -> None:
    assert messages_in(pasted) == messages


def test_a_sentence_with_a_colon_or_a_time_in_it_is_no_header() -> None:
    assert messages_in("请注意：路灯不亮\n昨天 10:02 开始停水，到现在没来") == [
        "请注意：路灯不亮\n昨天 10:02 开始停水，到现在没来"
    ]
    assert messages_in("[10:02] 演示甲: 说两件\n昨天晚上 8:30 停水了\n停电 10:02") == [
        "说两件\n昨天晚上 8:30 停水了\n停电 10:02"
    ]


def test_a_paste_without_end_is_cut_at_what_one_page_can_show() -> None:
    assert len(messages_in("\n\n".join(f"路灯不亮 {number}" for number in range(500)))) == MOST_MESSAGES


def test_a_title_is_the_first_words_of_the_text() -> None:
    assert title_from("路灯不亮。三天了") == "路灯不亮"
    assert title_from("长" * 40) == "长" * 24 + "…"
    assert title_from("The drain in front of the shop has been blocked for a week.") == (
        "The drain in front of the shop has been blocked…"
    )
    assert title_from("x" * 90) == "x" * 24 + "…" and title_from("") == "…"
