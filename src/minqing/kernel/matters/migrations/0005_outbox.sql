-- What others still have to hear of, taken in batches and deleted once every reaction has run; see `outbox.py`.
-- `waiting`: the reactions that have not run yet, null for all; `next_at`: not before, by the machine's clock.
alter table matters_outbox
    add tries smallint not null default 0,
    add next_at timestamptz,
    add waiting text[];
create index matters_outbox_subject on matters_outbox (subject, id);
delete from matters_outbox;  -- nobody listened until now: what is over is news to nobody

-- The outbox is the house's: these functions refuse any other scope.
create function matters_outbox_guard() returns void language plpgsql as $$
begin
    if coalesce(current_setting('minqing.house', true), '') <> 'on' then
        raise exception 'the outbox is read by the house alone' using errcode = 'insufficient_privilege';
    end if;
end $$;

-- The earliest rows that nobody else holds, held until the transaction ends. Rows of a matter are handed over in their
-- order: one is passed over while an earlier one of the same matter is held by somebody else or waits for its next
-- try. Rows tried `most` times are put aside and hold up nothing.
create function matters_outbox_take(many integer, most smallint)
    returns table (id bigint, subject bigint, seq integer, until integer, topic text, tries smallint, waiting text[])
    language plpgsql security definer set search_path = public, pg_temp as $$
#variable_conflict use_column
begin
    perform matters_outbox_guard();
    return query
    with held as materialized (
        select o.id, o.subject, o.seq, o.until, o.topic, o.tries, o.waiting
        from matters_outbox o
        where o.tries < most and (o.next_at is null or o.next_at <= clock_timestamp())
        order by o.id limit many
        for update skip locked
    )
    select h.* from held h
    where not exists (
        select from matters_outbox e
        where e.subject = h.subject and e.id < h.id and e.tries < most and e.id <> all (array(select held.id from held)))
    order by h.id;
end $$;

create function matters_outbox_done(ids bigint[]) returns void
    language plpgsql security definer set search_path = public, pg_temp as $$
begin
    perform matters_outbox_guard();
    delete from matters_outbox where id = any (ids);
end $$;

-- What a reaction failed on waits, and with it all that comes after it in the same matter.
-- again: [{"id", "waiting": [name], "pause": seconds}]
create function matters_outbox_again(again json) returns void
    language plpgsql security definer set search_path = public, pg_temp as $$
begin
    perform matters_outbox_guard();
    update matters_outbox o
    set tries = o.tries + 1, next_at = clock_timestamp() + make_interval(secs => a.pause), waiting = a.waiting
    from json_to_recordset(again) as a(id bigint, pause double precision, waiting text[])
    where o.id = a.id;
    update matters_outbox o
    set next_at = f.next_at
    from json_to_recordset(again) as a(id bigint) join matters_outbox f on f.id = a.id
    where o.subject = f.subject and o.id > f.id and o.id <> all (array(select b.id from json_to_recordset(again) as b(id bigint)));
end $$;

-- Everything that was put aside, or only waits, is tried from now on as if for the first time.
create function matters_outbox_revive() returns bigint
    language plpgsql security definer set search_path = public, pg_temp as $$
declare
    revived bigint;
begin
    perform matters_outbox_guard();
    update matters_outbox set tries = 0, next_at = null where tries > 0 or next_at is not null;
    get diagnostics revived = row_count;
    return revived;
end $$;
