-- The one writer of matters, now sealed (docs/decisions/0006): rows, chained lines, duties, rungs, keys, sealed words,
-- files, marks, requests, outbox, of any number of matters at once.
-- items, duties, fired, requests, files, marks: JSON arrays of objects that name their item by "i"; items are in order.
-- Lines are many, so they come as columns: each lines_* is one text with a value a line (JSON as we write it holds no
-- line break); lines_n counts from 1 within an item, which says how many `lines` it has. Sealed values come the same
-- way. Sealed bytes come as arrays beside their rows: wrapped, titles, texts, words one element an item (null: leave as
-- it is), values_sealed one a value, files_sealed one a file. `words`: marks of the words of the masked copy, by blanks.
-- An item without id is a new matter. One with an id is written only if position and head are still those it was read
-- with. What cannot be written is told, item by item, and leaves nothing behind, no sealed value either:
-- written | conflict (changed meanwhile) | taken (the code, or the outside number of that source, is in use).
-- replayed: a request of that key was done already; then nothing at all is written, `code` and `seq` are those of then,
-- `head` is the digest of what was asked then. Two at once: the second finds its key in use and is rolled back whole.
-- Joins are hash joins here: nobody knows how long a batch is, and loops over 7,000 lines cost seconds. What is looked up
-- in a table is asked for by key (any (array(..))), so that no table is ever read whole, also by a plan made while
-- it was small. One plan a connection: making it takes longer than an act.
-- Nothing is sealed under a key that is gone: a matter on record that gets sealed values and brings no new key must still
-- have its own, which is held until the transaction ends; when an erasure or the end of retention took it meanwhile, it is
-- a conflict like any other change, and the caller seals again with a fresh key. It is held after its matter, in the order
-- of those who destroy keys. Where a value is put in the place of another, the marks of the other one go.
create function matters_append(
    items json, lines_i text, lines_n text, lines_happened text, lines_kind text, lines_actor text, lines_data text,
    duties json, fired json, wrapped bytea[], titles bytea[], texts bytea[], words text[],
    values_i text, values_name text, values_kind text, values_why text, values_ends text, values_sealed bytea[],
    purposes text[], grounds text[], files json, files_sealed bytea[], marks json, requests json, told timestamptz)
    returns table (i integer, id bigint, code text, outcome text, seq integer, head bytea, recorded timestamptz)
    language plpgsql security definer set search_path = public, pg_temp
    set enable_nestloop = off set enable_seqscan = off set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
declare
    not_before timestamptz := greatest(told, ledger_floor());
begin
    if requests is not null then
        return query
        select q.i, null::bigint, r.code, 'replayed', r.seq, r.digest, r.at
        from json_to_recordset(requests) as q(i integer, key text, digest text)
        join matters_request r on r.key = decode(q.key, 'hex');
        if found then
            return;
        end if;
    end if;
    return query
    with item as materialized (
        select r.*
        from rows from (
            json_to_recordset(items) as (
                i integer, id bigint, code text, was integer, was_head text, topic text, lines integer,
                region bigint, town bigint, village bigint, holder integer, worker bigint, units integer[],
                hidden_from integer[], sensitivity smallint, kind text, channel text, category text, level text,
                stage text, method text, version text, open boolean, ending text, opened timestamptz,
                closed timestamptz, source text, external_id text, state jsonb, master smallint),
            unnest(wrapped), unnest(titles), unnest(texts), unnest(words)
        ) as r(
            i, id, code, was, was_head, topic, lines, region, town, village, holder, worker, units, hidden_from,
            sensitivity, kind, channel, category, level, stage, method, version, open, ending, opened, closed, source,
            external_id, state, master, wrapped, title_masked, text_masked, words)
    ), held as materialized (
        -- locks in one order; whoever waited here sees the row as it is then, and matches no more
        select m.id, m.code, m.position, m.head, m.happened, m.recorded, m.sensitivity
        from matters_matter m
        where m.id = any (array(select id from item where id is not null))
          and exists (select from item where item.id = m.id and item.was = m.position
                      and item.was_head = encode(m.head, 'hex'))
        order by m.id for no key update
    ), sealing as materialized (
        select i from unnest(string_to_array(values_i, E'\n')::integer[]) as v(i)
        union select i from json_to_recordset(files) as f(i integer)
        union select i from item where title_masked is not null or text_masked is not null
    ), keyed as materialized (
        select k.subject from vault_key k
        where k.subject = any (array(
            select held.code from held join item using (id) join sealing using (i) where item.wrapped is null))
        for key share
    ), base as materialized (
        select item.i, held.code, held.position, held.head, held.happened, held.recorded,
               coalesce(item.sensitivity, held.sensitivity) as sensitivity
        from item join held using (id)
        where item.wrapped is not null or item.i not in (select i from sealing)
           or held.code in (select subject from keyed)
        union all
        select i, code, 0, ledger_genesis(1::smallint, code), '-infinity', '-infinity', coalesce(sensitivity, 0)
        from item where id is null
    ), line as (
        select base.i, base.code, base.head as link, base.happened as before,
               base.position + e.n as seq, e.n, e.happened, greatest(not_before, base.recorded) as recorded,
               e.kind, e.actor, e.data
        from unnest(
            string_to_array(lines_i, E'\n')::integer[], string_to_array(lines_n, E'\n')::integer[],
            string_to_array(lines_happened, E'\n')::timestamptz[],
            string_to_array(lines_kind, E'\n'), string_to_array(lines_actor, E'\n')::bigint[],
            string_to_array(lines_data, E'\n')::json[]) as e(i, n, happened, kind, actor, data)
        join base on base.i = e.i
    ), linked as materialized (
        select line.*, ledger_chain(link, ledger_body(code, seq, happened, recorded, kind, actor, data))
                           over (partition by i order by seq) as hash,
               lag(happened, 1, before) over (partition by i order by seq) as earlier
        from line
    ), tip as materialized (
        select k.i, k.seq, k.hash, k.happened, k.recorded from linked k join item on item.i = k.i and item.lines = k.n
    ), opening as (
        insert into matters_matter (
            code, region, town, village, holder, worker, units, hidden_from, sensitivity, kind, channel, category,
            level, stage, method, version, open, ending, position, head, opened, closed, happened, recorded, title_masked,
            text_masked, source, external_id, state)
        select n.code, n.region, n.town, n.village, n.holder, n.worker, n.units, n.hidden_from,
               coalesce(n.sensitivity, 0), n.kind, n.channel, n.category, n.level, n.stage, n.method, n.version, n.open, n.ending, tip.seq, tip.hash,
               n.opened, n.closed, tip.happened, tip.recorded, coalesce(n.title_masked, ''::bytea),
               coalesce(n.text_masked, ''::bytea), n.source, n.external_id, n.state
        from item n join tip using (i) where n.id is null order by n.i
        on conflict do nothing
        returning matters_matter.id, matters_matter.code
    ), moving as (
        update matters_matter m
        set region = n.region, town = n.town, village = n.village, holder = n.holder, worker = n.worker,
            units = n.units, hidden_from = n.hidden_from, sensitivity = coalesce(n.sensitivity, m.sensitivity), kind = n.kind,
            category = n.category, level = n.level, stage = n.stage, open = n.open, ending = n.ending,
            method = n.method, version = n.version,
            position = tip.seq, head = tip.hash, closed = n.closed, happened = tip.happened,
            recorded = tip.recorded, title_masked = coalesce(n.title_masked, m.title_masked),
            text_masked = coalesce(n.text_masked, m.text_masked), state = n.state
        from item n join tip using (i) join held using (id)
        where m.id = n.id and m.id = any (array(select id from held))
        returning m.id, m.code
    ), done as materialized (
        select item.i, item.id, moving.code from item join moving using (id)
        union all
        select item.i, opening.id, item.code from item join opening using (code) where item.id is null
    ), lines as (
        insert into ledger_line (stream, subject, seq, happened, recorded, kind, actor, data, hash)
        select 1, done.id, k.seq, k.happened,
               case when k.happened >= k.earlier then k.recorded end,   -- null is refused: time does not run backwards
               k.kind, k.actor, k.data, k.hash
        from linked k join done using (i)
    ), duty as (
        insert into matters_duty (
            matter_id, number, kind, role, unit, region, town, village, sensitivity, units, hidden_from, main, starts, due,
            rungs, next_rung, next_at, state, late, colour, budget, law, roll, hours, calendar, provisional, optional,
            outlives)
        select done.id, d.number, d.kind, d.role, d.unit, n.region, n.town, n.village,
               base.sensitivity, n.units, n.hidden_from, d.main, d.starts, d.due, d.rungs, d.next_rung, d.next_at,
               d.state, d.late, d.colour, d.budget, d.law, d.roll, d.hours, d.calendar, d.provisional, d.optional,
               d.outlives
        from json_to_recordset(duties) as d(
                i integer, number smallint, kind text, role text, unit integer, main boolean, starts timestamptz,
                due timestamptz, rungs timestamptz[], next_rung smallint, next_at timestamptz, state smallint,
                late boolean, colour smallint, budget text, law text, roll text, hours text, calendar text,
                provisional boolean, optional boolean, outlives boolean)
        join done using (i) join item n using (i) join base using (i)
        on conflict (matter_id, number) do update set
            region = excluded.region, town = excluded.town, village = excluded.village,
            unit = excluded.unit, sensitivity = excluded.sensitivity, units = excluded.units,
            hidden_from = excluded.hidden_from, main = excluded.main, starts = excluded.starts, due = excluded.due,
            rungs = excluded.rungs, next_rung = excluded.next_rung, next_at = excluded.next_at,
            state = excluded.state, late = excluded.late, colour = excluded.colour, budget = excluded.budget,
            calendar = excluded.calendar, provisional = excluded.provisional
        returning matters_duty.id, matter_id, number
    ), rung as materialized (
        -- apart, so that the next join has one side with both keys: joined by number first, a batch is squared
        select done.id, f.number, f.rung, f.at, f.by
        from json_to_recordset(fired) as f(i integer, number smallint, rung smallint, at timestamptz, by text)
        join done using (i)
    ), fired as (
        -- a clash is a fault and rolls everything back: no "on conflict" here
        insert into matters_fired (duty_id, rung, at, by)
        select duty.id, rung.rung, rung.at, rung.by
        from rung join duty on duty.matter_id = rung.id and duty.number = rung.number
    ), key as (
        -- one whose key was destroyed gets another with the next words
        insert into vault_key (subject, master, wrapped)
        select done.code, item.master, item.wrapped
        from done join item using (i) where item.wrapped is not null
        on conflict do nothing
    ), kept as (
        insert into vault_value (subject, name, kind, sealed, purpose, ground, ends)
        select done.code, v.name, v.kind, v.sealed, purposes[v.why], grounds[v.why], v.ends
        from unnest(
            string_to_array(values_i, E'\n')::integer[], string_to_array(values_name, E'\n'),
            string_to_array(values_kind, E'\n'), string_to_array(values_why, E'\n')::integer[],
            string_to_array(values_ends, E'\n')::date[], values_sealed) as v(i, name, kind, why, ends, sealed)
        join done using (i)
        on conflict (subject, name) do update set
            kind = excluded.kind, sealed = excluded.sealed, purpose = excluded.purpose, ground = excluded.ground,
            ends = greatest(vault_value.ends, excluded.ends)
    ), filed as (
        insert into vault_file (subject, name, media, title, size, sealed, purpose, ground, ends)
        select done.code, f.name, f.media, f.title, f.size, f.sealed, f.purpose, f.ground, f.ends
        from rows from (
            json_to_recordset(files) as (
                i integer, name text, media text, title text, size integer, purpose text, ground text, ends date),
            unnest(files_sealed)) as f(i, name, media, title, size, purpose, ground, ends, sealed)
        join done using (i)
        on conflict do nothing
    ), mark as materialized (
        select k.token, k.kind, done.code, k.name
        from json_to_recordset(marks) as k(i integer, token text, kind text, name text) join done using (i)
    ), replaced as materialized (
        select done.code, v.name
        from unnest(string_to_array(values_i, E'\n')::integer[], string_to_array(values_name, E'\n')) as v(i, name)
        join done using (i) join item using (i) where item.id is not null
    ), unmarked as (
        delete from vault_mark m
        where m.subject = any (array(select code from replaced))
          and (m.subject, m.name) in (select code, name from replaced)
          and (m.token, m.kind, m.subject, m.name) not in (select token, kind, code, name from mark)
    ), marked as (
        insert into vault_mark (token, kind, subject, name)
        select token, kind, code, name from mark
        on conflict do nothing
    ), found as (
        insert into matters_search (matter_id, words)
        select done.id, array_to_tsvector(string_to_array(item.words, ' '))
                        || matters_area_marks(item.region, item.town, item.village)
        from done join item using (i) where item.words is not null
        on conflict (matter_id) do update set words = excluded.words
    ), asked as (
        -- a clash rolls everything back: no "on conflict" here
        insert into matters_request (key, digest, code, seq, at)
        select decode(q.key, 'hex'), decode(q.digest, 'hex'), done.code, tip.seq, told
        from json_to_recordset(coalesce(requests, '[]')) as q(i integer, key text, digest text)
        join done using (i) join tip using (i)
    ), posted as (
        insert into matters_outbox (subject, seq, until, topic)
        select done.id, base.position + 1, tip.seq, item.topic
        from done join item using (i) join tip using (i) join base using (i) order by item.i
    )
    select item.i, coalesce(done.id, item.id), item.code,
           case when done.id is not null then 'written' when item.id is not null then 'conflict' else 'taken' end,
           tip.seq, tip.hash, tip.recorded
    from item left join done using (i) left join tip using (i);
end $$;
