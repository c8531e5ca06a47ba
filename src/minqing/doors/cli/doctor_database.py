"""What the doctor sees of the database: it answers, its tables are those of this program, its locks are closed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

from django.db import connection
from django.db.migrations.loader import MigrationLoader

from minqing.base import moments
from minqing.base.postgres import home_folder, running_now
from minqing.base.postgres.grants import WRITES
from minqing.base.postgres.instance import app_role_writes, point_at
from minqing.base.postgres.place import Place
from minqing.base.postgres.served import Urls, check_served, served_urls
from minqing.doors.cli.instance import told_span
from minqing.doors.counter.readiness import keys_of_others, tables_missing
from minqing.kernel.matters.shifting import ALLOWED, apply_shift
from minqing.registers.accounts.rules import HOUSE
from minqing.registers.accounts.scoping import seen_by

APART = dt.timedelta(seconds=5)  # the clocks of machine and database may differ by so much
SHOWN = 5  # names in one sentence
#: Tables behind row security, with their policies; one that is new is put here too.
LOCKED: dict[str, frozenset[str]] = {
    **dict.fromkeys(
        ("ledger_line", "ledger_subject", "matters_duty", "matters_fired", "matters_matter", "vault_file", "vault_key",
         "vault_value"), frozenset({"sight"}),
    ),
    **dict.fromkeys(("matters_outbox", "matters_search", "vault_mark"), frozenset({"house"})),
    **dict.fromkeys(("accounts_token", "matters_request", "matters_try"), frozenset()),  # only functions open them
    **dict.fromkeys(("notice_inbox", "notice_message"), frozenset({"mark", "sight", "write"})),
}  # fmt: skip


def opened() -> Iterator[str]:
    """Connects under the application's role, for reading alone; `default` leads there afterwards."""
    urls = served_urls()
    if urls is None:
        if not (Place(home_folder()).data / "PG_VERSION").exists():
            yield "还没有建库：请运行 minqing init（no database yet: run `minqing init`）"
            return
        server = running_now(home_folder())
        if server is None:
            yield (
                "内置数据库没有在运行：请启动 minqing serve 和 minqing work"
                "（the embedded database rests: start `minqing serve` and `minqing work`）"
            )
            return
        urls = Urls(server.dsn_app, server.dsn_owner)
    check_served(urls)  # version, encoding, and that the application's role is bound by row security
    point_at(urls)
    with connection.cursor() as cursor:
        cursor.execute("set session characteristics as transaction read only")
    if rows("select to_regclass('matters_shift') is not null")[0][0]:
        apply_shift()


def rows(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    """What the application's role is answered."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return list(cursor.fetchall())


def tables() -> Iterator[str]:
    """Neither behind the program nor ahead of it."""
    yield from tables_missing()
    if not rows("select to_regclass('django_migrations') is not null")[0][0]:
        return
    known = MigrationLoader(None, ignore_no_migrations=True)
    written = set(known.disk_migrations or {})
    replaced = {pair for one in (known.replacements or {}).values() for pair in one.replaces}
    ahead = {
        (app, name)
        for app, name in rows("select app, name from django_migrations")
        if (app, name) not in written | replaced and app in known.migrated_apps
    }
    if ahead:
        names = _named([f"{app} {name}" for app, name in sorted(ahead)])
        yield (
            f"数据库比程序新（{names}）：请装上建这些表的那一版程序，或恢复升级前的备份"
            "（the tables are ahead of this program: install the version that made them）"
        )


_POWERS = """
select (select array_agg(tablename::text order by 1) from pg_tables
        where schemaname = 'public' and tableowner = current_user),
       has_schema_privilege('public', 'CREATE') or has_database_privilege(current_database(), 'CREATE'),
       has_database_privilege(current_database(), 'TEMPORARY')
"""
_MAY = """
select t.tablename::text, p.word from pg_tables t, unnest(%s::text[]) as p(word)
where t.schemaname = 'public' and has_table_privilege(format('public.%%I', t.tablename), p.word) order by 1, 2
"""


def roles() -> Iterator[str]:
    """The application's role may write what the apps name, and owns nothing."""
    mend = "请运行 minqing init 收回（run `minqing init` to take it back）"
    owned, creates, temporary = rows(_POWERS)[0]
    if owned:
        yield f"应用角色拥有表 {_named(owned)}：alter table … owner to 表的主人（the application's role owns tables）"
    if creates or temporary:
        yield f"应用角色能在库里建表：{mend}（the application's role may create）"
    granted = {(table, word) for table, word in rows(_MAY, [*sorted(WRITES), "TRUNCATE"])}
    meant = {(table, word.strip()) for table, words in app_role_writes().items() for word in words.split(",")}
    if more := granted - meant:
        yield f"应用角色多了写权限（{_named(_pairs(more))}）：{mend}"
    if fewer := meant - granted:
        yield f"应用角色缺写权限（{_named(_pairs(fewer))}）：请运行 minqing init（rights are missing: run it）"


_SECURITY = """
select c.relname::text, c.relrowsecurity,
       array(select polname::text from pg_policy p where p.polrelid = c.oid order by 1)
from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
"""
_ASLEEP = """
select distinct tgrelid::regclass::text from pg_trigger t join pg_class c on c.oid = t.tgrelid
where not tgisinternal and c.relnamespace = 'public'::regnamespace
  and (tgenabled = 'D' or (tgenabled <> 'A' and c.relname in ('ledger_line', 'ledger_root')))
"""
_SHUT = "请恢复升级前的备份，或请维护人员照迁移文件补上（bring it back from a backup, or as the migrations have it）"


def locks() -> Iterator[str]:
    """Row security on every table that needs it, with the policies it had; the journal refuses to be changed."""
    found = {name: (on, frozenset(policies)) for name, on, policies in rows(_SECURITY)}
    for name, policies in LOCKED.items():
        on, there = found.get(name, (True, policies))  # a table that is gone is told by the migrations
        if not on:
            yield f"表 {name} 的行级权限被关了：alter table {name} enable row level security（row security is off）"
        if there != policies:
            yield f"表 {name} 的行级规则被改过：{_SHUT}"
    for (name,) in rows(_ASLEEP):
        yield f"表 {name} 的触发器被关了，改动不再受拦：{_SHUT}"


_COLLATION = """
select datcollversion, pg_database_collation_actual_version(oid) from pg_database where datname = current_database()
"""


def collation() -> Iterator[str]:
    """Indexes of text stand in the order of the system's letters: a new system may order them otherwise."""
    made, now = rows(_COLLATION)[0]
    if made != now:
        yield (
            f"排序规则从 {made} 变成了 {now}，文字索引可能不对：先 reindex database，再 "
            "alter database … refresh collation version（the collation changed: reindex, then refresh its version）"
        )


def vault_keys() -> Iterator[str]:
    """The keys that are here open what is sealed there."""
    with seen_by(HOUSE):
        yield from keys_of_others()


def clocks() -> Iterator[str]:
    """Machine and database agree, know Chinese time, and are not shifted."""
    told, apart = rows("select clock_timestamp(), extract(epoch from now() at time zone 'Asia/Shanghai' - "
                       "now() at time zone 'UTC')::integer")[0]  # fmt: skip
    yield from clock_offset(moments.now() - moments.shift() - moments.in_china(told))
    if apart != 8 * 3600:
        yield "数据库不认得北京时间：请更新它的时区数据（the database does not know Asia/Shanghai: update its zones）"
    if by := moments.shift():
        way = "快" if by > dt.timedelta(0) else "慢"
        yield (
            f"本实例的时钟拨{way}了{told_span(abs(by))}：正式使用前 {ALLOWED}=1 minqing clock shift reset"
            "（the clock of this instance is shifted: reset it before real use）"
        )


def clock_offset(apart: dt.timedelta) -> Iterator[str]:
    """The clock of the machine less that of the database."""
    if abs(apart) > APART:
        yield (
            f"本机与数据库的时钟相差 {apart.total_seconds():+.0f} 秒：请让两边都用 NTP 校时"
            "（the clocks of machine and database differ: set both by NTP）"
        )


def _pairs(found: set[tuple[str, str]]) -> list[str]:
    return [f"{table} {word}" for table, word in sorted(found)]


def _named(names: list[str]) -> str:
    more = f" 等 {len(names)} 处" if len(names) > SHOWN else ""
    return "、".join(names[:SHOWN]) + more


DATABASE: tuple[tuple[str, str, Callable[[], Iterator[str]]], ...] = (
    ("tables", "数据库表 tables", tables),
    ("roles", "数据库角色 roles", roles),
    ("locks", "行级权限 row security", locks),
    ("collation", "排序规则 collation", collation),
    ("vault-keys", "密钥与库相符 keys fit", vault_keys),
    ("clocks", "时钟 clocks", clocks),
)
