-- Streams: 1 matter, 2 access, 3 register, 4 method, 5 calendar, 6 session.
create table ledger_line (
    stream smallint not null,
    subject bigint not null,
    seq integer not null,
    happened timestamptz not null,       -- what clocks count from
    recorded timestamptz not null,       -- when the ledger learned of it; daily roots fold by it
    kind text not null check (kind <> '' and position('|' in kind) = 0),
    actor bigint not null,
    data json not null,                  -- json, not jsonb: its bytes are hashed
    hash bytea not null,
    primary key (stream, subject, seq)
);
create index ledger_line_recorded on ledger_line using brin (recorded) with (pages_per_range = 32);

-- Heads of subjects that have no row of their own elsewhere (a matter keeps its head in its row).
create table ledger_subject (
    stream smallint not null check (stream between 2 and 6),
    subject bigint generated always as identity,
    code text collate "C" not null check (code <> '' and position('|' in code) = 0),
    position integer not null,
    head bytea not null,
    happened timestamptz not null,
    recorded timestamptz not null,
    primary key (stream, subject),
    unique (stream, code)
);

-- One sealed day a row; the same statement and signature stand in a file outside the database.
create table ledger_root (
    day date primary key,
    statement text not null,
    root bytea not null,
    signature bytea not null
);

-- Microseconds since 1970, exactly: what is stored is whole microseconds since 2000. (extract() takes twice as long.)
create function ledger_micros(at timestamptz) returns bigint
    stable strict parallel safe language sql
    return ('x' || encode(timestamptz_send(at), 'hex'))::bit(64)::bigint + 946684800000000;

-- The canonical text of a line without the link to the one before it. Code and kind hold no '|', data comes last.
create function ledger_body(
    code text, seq integer, happened timestamptz, recorded timestamptz, kind text, actor bigint, data json
) returns bytea
    stable parallel safe language sql
    return convert_to(
        code || '|' || seq::text || '|' || ledger_micros(happened)::text || '|' || ledger_micros(recorded)::text
        || '|' || kind || '|' || actor::text || '|' || data::text, 'UTF8');

create function ledger_genesis(stream smallint, code text) returns bytea
    stable parallel safe language sql
    return sha256(convert_to(
        (array['matter', 'access', 'register', 'method', 'calendar', 'session'])[stream] || '|' || code, 'UTF8'));

create function ledger_step(state bytea, prev bytea, body bytea) returns bytea
    immutable parallel safe language plpgsql as $$ begin return sha256(coalesce(state, prev) || body); end $$;

-- Chains the lines of a subject in the order of the window: state of one is the link of the next.
create aggregate ledger_chain(prev bytea, body bytea) (sfunc = ledger_step, stype = bytea);

-- Append-only, also for the owner. The gate is reserved for erasure by maintenance; nobody holds that login yet.
create function ledger_refuse() returns trigger language plpgsql as $$
begin
    if session_user = 'minqing_maint' and current_setting('minqing.maintenance', true) <> '' then
        return null;
    end if;
    raise exception '% on % is refused: the ledger only grows', tg_op, tg_table_name
        using errcode = 'insufficient_privilege';
end $$;

create trigger ledger_line_grows before update or delete or truncate on ledger_line
    for each statement execute function ledger_refuse();
alter table ledger_line enable always trigger ledger_line_grows;
create trigger ledger_root_grows before update or delete or truncate on ledger_root
    for each statement execute function ledger_refuse();
alter table ledger_root enable always trigger ledger_root_grows;

-- The first moment that no sealed day holds. Sealing waits for every append and bars new ones, so a line is either
-- under the root of its day or recorded after it.
create function ledger_floor() returns timestamptz
    volatile language plpgsql set search_path = public, pg_temp as $$
begin
    perform pg_advisory_xact_lock_shared(1835090691);
    return (select ((max(day) + 1)::timestamp at time zone 'Asia/Shanghai') from ledger_root);
end $$;

-- Lines of one subject of a stream that keeps its heads here. lines: [{"happened", "kind", "actor", "data"}].
create function ledger_append(of_stream smallint, of_code text, lines json, told timestamptz)
    returns table (subject bigint, first_seq integer, last_seq integer)
    language plpgsql security definer set search_path = public, pg_temp as $$
#variable_conflict use_column
declare
    at ledger_subject;
    not_before timestamptz := ledger_floor();
begin
    insert into ledger_subject (stream, code, position, head, happened, recorded)
        values (of_stream, of_code, 0, ledger_genesis(of_stream, of_code), '-infinity', '-infinity')
        on conflict do nothing;
    select * into at from ledger_subject s where s.stream = of_stream and s.code = of_code for update;
    if exists (
        select from json_to_recordset(lines) as l(happened timestamptz)
        where l.happened is null or l.happened < at.happened
    ) then
        raise exception 'what happened cannot run backwards: % of stream %', of_code, of_stream
            using errcode = 'check_violation';
    end if;
    return query
    with line as (
        select at.position + ord::integer as seq, l.happened, l.kind, coalesce(l.actor, 0) as actor, l.data,
               greatest(told, not_before, at.recorded) as recorded
        from rows from (json_to_recordset(lines) as (happened timestamptz, kind text, actor bigint, data json))
            with ordinality as l(happened, kind, actor, data, ord)
    ), linked as (
        select line.*, ledger_chain(at.head, ledger_body(
            of_code, line.seq, line.happened, line.recorded, line.kind, line.actor, line.data))
                over (order by line.seq) as hash
        from line
    ), written as (
        insert into ledger_line
        select of_stream, at.subject, k.seq, k.happened, k.recorded, k.kind, k.actor, k.data, k.hash from linked k
        returning *
    ), tip as (
        select * from linked order by seq desc limit 1
    ), moved as (
        update ledger_subject s
        set position = tip.seq, head = tip.hash, happened = tip.happened, recorded = tip.recorded
        from tip where s.stream = of_stream and s.subject = at.subject
    )
    select at.subject, min(w.seq), max(w.seq) from written w;
end $$;

-- The root of a day: refused for a day that is not over, sealed already, or before one that is.
create function ledger_seal(of_day date, told timestamptz, of_statement text, of_root bytea, of_signature bytea)
    returns void language plpgsql security definer set search_path = public, pg_temp as $$
begin
    perform pg_advisory_xact_lock(1835090691);
    if told < ((of_day + 1)::timestamp at time zone 'Asia/Shanghai') then
        raise exception '% is not over', of_day using errcode = 'check_violation';
    end if;
    if of_day <= (select max(day) from ledger_root) then
        raise exception 'a root of % or a later day stands', of_day using errcode = 'check_violation';
    end if;
    insert into ledger_root values (of_day, of_statement, of_root, of_signature);
end $$;
