"""What the page of health says of each thing it looks at, and of each job of the calendar: tables a clerk can read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

#: A state as a chip: words, colour, drawing.
STATES: Mapping[str, tuple[object, str, str]] = {
    "ok": (_("正常"), "green", "circle-check"), "late": (_("请留意"), "orange", "clock-exclamation"),
    "failed": (_("要处理"), "red", "alert-triangle"),
}  # fmt: skip


class Words(NamedTuple):
    """What a line is called, what it says now, what to do where it is not in order."""

    title: object
    said: object
    do: object


WORDS: Mapping[str, Words] = {
    "database": Words(_("数据库"), _("连得上，数据表是这一版程序的"), _("请在服务器上运行 minqing init")),
    "keys": Words(
        _("密钥"), _("密钥文件齐全，封存的内容打得开"),
        _("不要另建密钥：请停用系统，从备份中找回 keys 文件夹；找不回，封存的内容就永远打不开了"),
    ),
    "disk": Words(
        _("磁盘空间"), _("还剩 %(free)s GB（%(share)s%%）"),
        _("请清理或扩大数据所在的磁盘；写满之后就不能登记来件了"),
    ),
    "work": Words(
        _("后台程序"), _("最近一次报到：%(seen)s"),
        _("请在服务器上启动 minqing work：没有它，时限不提醒、通知不发送、定时任务不执行"),
    ),
    "sweep": Words(
        _("时限提醒"), _("到点未提醒 %(n)d 项，最早的等了 %(oldest)s"), _("请查看后台程序是否在运行，再看它的日志")
    ),
    "outbox": Words(
        _("后续处理"), _("排队 %(n)d 项，最早的等了 %(oldest)s"), _("请查看后台程序是否在运行，再看它的日志")
    ),
    "aside": Words(
        _("搁置的后续处理"), _("多次未成、已搁置 %(n)d 项"), _("请先按后台日志改正原因，再点下面的“全部重试”")
    ),
    "jobs": Words(
        _("定时任务"), _("失败 %(n)d 个，过了时间没做 %(late)d 个，排队 %(waiting)d 个"),
        _("过了时间没做的，后台程序启动后会补做；失败的列在下面的表里，改正后点“重试”，重复执行无害"),
    ),
    "notices": Words(
        _("通知发送"),
        _(
            "一天内已发 %(sent)d 条，放弃 %(given_up)d 条；"
            "排队 %(waiting)d 条，过了时间没发 %(late)d 条，重试 %(failing)d 条"
        ),
        _("请看 notices.yaml 里的网关设置，并问网关的运营方；放弃的要打电话或书面告知"),
    ),
    "ways": Words(
        _("通知渠道"), _("已接通：%(served)s；没有接通：%(missing)s；因此没发出：%(wanting)s"),
        _("请在 notices.yaml 里接通，或改用其他办法告知；没人用的渠道可以不接"),
    ),
    "clock": Words(
        _("时钟"), _("演示时钟：%(shift)s"), _("只用于演示：办真事之前请运行 minqing clock shift reset 调回来")
    ),
    "regions": Words(
        _("区划和单位"), _("区划 %(divisions)d 个，网格 %(grids)d 个，单位 %(units)d 个"),
        _("请先运行 minqing init，再登记网格和单位"),
    ),
    "calendar": Words(
        _("工作日历"), _("国家放假安排已知到 %(last)s 年"),
        _("下一年的安排公布后请升级程序；之前按周一到周五暂算，公布后自动重算"),
    ),
}  # fmt: skip
#: What each job of the calendar is for.
JOBS: Mapping[str, object] = {
    "take-up-stalled": _("接手中断的任务"), "hand-over": _("离任人员手上的事项交回单位"),
    "remind-unheld": _("提醒没有单位可办的事项"), "end-retention": _("销毁到期的个人信息"),
    "forget-keys": _("清理接口的请求记录"), "forget-tries": _("清理过期的登录"),
    "reckon-again": _("按新日历重算时限"), "forget-old-jobs": _("清理旧的任务记录"),
}  # fmt: skip
