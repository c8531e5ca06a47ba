"""What the doctor sees of the work: the clock is swept, others hear of what happened, the journal holds, posts are
filled. Numbers and names of units alone; no matter is named."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

from minqing.base import moments
from minqing.base.errors import MinqingError
from minqing.base.ledger.roots import heads_of, roots_in_database, roots_on_file, signed, unsealed_days
from minqing.base.postgres import home_folder
from minqing.doors.cli.instance import told_span
from minqing.doors.counter.background import background
from minqing.doors.counter.health import LONG, NOVEMBER, SOON
from minqing.kernel.clock.calendars import decreed_calendar
from minqing.kernel.matters.lagging import outbox_waiting, rungs_waiting
from minqing.kernel.matters.versions import current_methods
from minqing.registers.regions.queries import on_duty_in, units_by_slug, units_named
from minqing.tools.notice.queries import standing

WORK = "请看 minqing work 是否开着、日志里说什么（see whether `minqing work` runs, and what it logs）"
SEALED_BY = dt.timedelta(hours=1)  # after midnight: by then the day before is sealed
SHOWN = 5


def worker() -> Iterator[str]:
    """`minqing work` gave a sign of life."""
    told = background()
    if not told.alive:
        since = f"，最后一次是 {told.seen:%Y-%m-%d %H:%M}" if told.seen else ""
        yield f"minqing work 没有在运行{since}：请启动它（`minqing work` does not run: start it）"


def sweeping() -> Iterator[str]:
    """Duties whose moment is past and that nobody fired."""
    owed = rungs_waiting()
    if owed.number and owed.oldest >= SOON:
        yield f"有 {owed.number} 项到点的时限没有触发，最早的晚了{told_span(owed.oldest)}：{WORK}"


def outbox() -> Iterator[str]:
    """What happened and nobody has heard of."""
    owed, aside = outbox_waiting()
    if owed.number and owed.oldest >= SOON:
        yield f"有 {owed.number} 项后续处理在等，最早的等了{told_span(owed.oldest)}：{WORK}"
    if aside:
        yield f"有 {aside} 项后续处理已搁置：改正后运行 minqing work --again（put aside: mend it, then use --again）"


def jobs() -> Iterator[str]:
    """Jobs of the calendar: what failed, what missed its hour, what waits."""
    told = background()
    if told.failed:
        names = "、".join(sorted({one.name for one in told.failed}))
        yield f"有 {len(told.failed)} 个定时任务失败（{names}）：到 /admin/health 重试（failed: try again there）"
    if late := [one.name for one in told.regular if one.late]:
        yield f"定时任务过点没做（{'、'.join(late)}）：{WORK}"
    if told.oldest is not None and moments.now() - told.oldest > LONG:
        yield f"有 {told.waiting} 个定时任务在等，最早的等了{told_span(moments.now() - told.oldest)}：{WORK}"


def notices() -> Iterator[str]:
    """Messages to people."""
    told = standing(moments.now())
    if told.given_up:
        yield f"一天里有 {told.given_up} 条通知没送到：到 /admin/health 查看（notices were given up: see that page）"
    if told.overdue:
        yield f"有 {told.overdue} 条通知过点没发：{WORK}"
    if told.no_gateway:
        ways = "、".join(sorted(told.no_gateway))
        yield f"有通知要走没开通的渠道（{ways}）：在 notices.yaml 里开通（a way is not set up: see docs/notices.md）"


def journal() -> Iterator[str]:
    """The last sealed day once more: file, table, signature, lines. `minqing journal verify` looks at all of them."""
    mend = "请运行 minqing journal verify，并与另存的日根核对（run it, and compare with the roots kept elsewhere）"
    filed, stored = roots_on_file(home_folder()), roots_in_database()
    if last := max(filed.keys() | stored.keys(), default=None):
        root = stored.get(last)
        if root is None or filed.get(last) != root:
            yield f"{last} 的日根，文件与数据库里的不一样：{mend}"
        elif not signed(home_folder(), root):
            yield f"{last} 的日根，签名不对：{mend}"
        elif heads_of(last) != (root.told["subjects"], root.told["merkle"]):
            yield f"{last} 的日志在封存后被动过：{mend}"
    now = moments.now()
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    unsealed = unsealed_days()
    if now - midnight < SEALED_BY and unsealed == [now.date() - dt.timedelta(days=1)]:
        return
    if unsealed:
        yield f"有 {len(unsealed)} 天的日志没有封存，最早是 {unsealed[0]}：{WORK}"


def methods() -> Iterator[str]:
    """There is a method, and this program reads it."""
    try:
        if not current_methods():
            yield "还没有发布工作法，收不了事：minqing init --county 县码（no method is published: `init --county`）"
    except MinqingError as fault:
        yield f"已发布的工作法读不了：{fault}"


def units() -> Iterator[str]:
    """In each unit somebody is on duty: else what comes to it goes to the next one up."""
    known = units_by_slug([unit.slug for unit in units_named()])
    if not known:
        yield "还没有单位：minqing init --county 县码（no units yet: `init --county`）"
        return
    serving = on_duty_in(list(known.values()), moments.now())
    if empty := sorted(slug for slug, number in known.items() if not serving[number]):
        more = f" 等 {len(empty)} 个" if len(empty) > SHOWN else ""
        yield (
            f"单位 {'、'.join(empty[:SHOWN])}{more}今天无人在岗：在 /admin/posts 安排人或替班"
            "（nobody is on duty there: give somebody the post, or a stand-in）"
        )


def calendar() -> Iterator[str]:
    """The State Council's days of this year, and from December of the next."""
    today, decreed = moments.today(), decreed_calendar().decreed
    wanted = [today.year] if today.month <= NOVEMBER else [today.year, today.year + 1]
    for year in wanted:
        if year not in decreed:
            yield (
                f"没有 {year} 年的放假安排，工作日时限只是暂算：升级程序后运行 minqing clock reproject"
                "（the holidays of that year are missing: upgrade, then `clock reproject`）"
            )


COUNTY: tuple[tuple[str, str, Callable[[], Iterator[str]]], ...] = (
    ("worker", "后台 minqing work", worker),
    ("sweep", "巡钟 sweep", sweeping),
    ("outbox", "后续处理 outbox", outbox),
    ("jobs", "定时任务 jobs", jobs),
    ("notices", "通知 notices", notices),
    ("journal", "日志 journal", journal),
    ("methods", "工作法 methods", methods),
    ("units", "单位在岗 units", units),
    ("calendar", "放假安排 calendar", calendar),
)
