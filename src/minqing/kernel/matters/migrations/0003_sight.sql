-- Who sees what, in the database (docs/decisions/0006). The application's role sees the rows of the scope of its
-- transaction, which `accounts.scoping` sets: minqing.house, .areas, .sensitivity, .units, .barred, .code, .access.
-- Without a scope, or with half of one, no row. Owners pass: the functions that write are theirs.
-- Each setting is read once a query, by a sub-select; coalesce(.., false) keeps the planner from guessing that a policy
-- lets nearly nothing through and sorting all of it. These are filters; the index condition comes from the query.
alter table matters_matter
    add hidden_from integer[] not null default '{}';  -- units it is against; persons as negative numbers
alter table matters_duty
    add hidden_from integer[] not null default '{}';  -- copied, as region, sensitivity and units are

-- Keyed marks of the words of the masked copies, and '#<key>' of region, village and town: a table of its own, so that
-- an act does not touch its index. Whoever writes a matter puts the marks here; areas follow the place by themselves.
create table matters_search (
    matter_id bigint primary key,
    words tsvector not null
);
create index matters_search_words on matters_search using gin (words);

create function matters_area_marks(region bigint, town bigint, village bigint) returns tsvector
    immutable parallel safe language sql
    return array_to_tsvector(array_remove(
        array['#' || region, '#' || coalesce(town, 0), '#' || coalesce(village, 0)], '#0'));

create function matters_search_follows() returns trigger
    language plpgsql security definer set search_path = public, pg_temp as $$
begin
    update matters_search
    set words = ts_delete(words, tsvector_to_array(matters_area_marks(old.region, old.town, old.village)))
                || matters_area_marks(new.region, new.town, new.village)
    where matter_id = new.id;
    return null;
end $$;
create trigger matters_search_follows after update of region on matters_matter
    for each row when (old.region <> new.region) execute function matters_search_follows();

-- Lists of matters, newest first. No act changes these columns, so its update stays in the page (HOT).
create index matters_matter_town on matters_matter (town, id);
create index matters_matter_village on matters_matter (village, id);
create index matters_matter_region on matters_matter (region, id);
create index matters_duty_had on matters_duty (unit, matter_id);  -- the list of a unit: what it ever owed something in

alter table matters_matter enable row level security;
create policy sight on matters_matter for select using (coalesce((
    (select current_setting('minqing.house', true) = 'on')
    or (region <@ (select nullif(current_setting('minqing.areas', true), '')::int8multirange)
        and sensitivity <= (select nullif(current_setting('minqing.sensitivity', true), '')::smallint))
    or units && (select nullif(current_setting('minqing.units', true), '')::integer[])
    or code = (select nullif(current_setting('minqing.code', true), ''))
) and not hidden_from && (select nullif(current_setting('minqing.barred', true), '')::integer[]), false));

alter table matters_duty enable row level security;
create policy sight on matters_duty for select using (coalesce((
    (select current_setting('minqing.house', true) = 'on')
    or (region <@ (select nullif(current_setting('minqing.areas', true), '')::int8multirange)
        and sensitivity <= (select nullif(current_setting('minqing.sensitivity', true), '')::smallint))
    or units && (select nullif(current_setting('minqing.units', true), '')::integer[])
    or matter_id = (select id from matters_matter where code = nullif(current_setting('minqing.code', true), ''))
) and not hidden_from && (select nullif(current_setting('minqing.barred', true), '')::integer[]), false));

-- What hangs on a matter is seen with it. The house is asked first: whoever verifies millions looks nothing up.
alter table matters_fired enable row level security;
create policy sight on matters_fired for select using (coalesce(
    (select current_setting('minqing.house', true) = 'on')
    or exists (select from matters_duty d where d.id = duty_id), false));
alter table matters_body enable row level security;
create policy sight on matters_body for select using (coalesce(
    (select current_setting('minqing.house', true) = 'on')
    or exists (select from matters_matter m where m.id = matter_id), false));

-- Read by functions of the database alone; the house may count them.
alter table matters_outbox enable row level security;
create policy house on matters_outbox for select
    using (coalesce((select current_setting('minqing.house', true) = 'on'), false));
alter table matters_search enable row level security;
create policy house on matters_search for select
    using (coalesce((select current_setting('minqing.house', true) = 'on'), false));

-- Stream 1 is seen with its matter; 2, who read what, by the house and by auditors; the others hold nobody's concern.
alter table ledger_line enable row level security;
create policy sight on ledger_line for select using (coalesce(
    stream > 2
    or (select current_setting('minqing.house', true) = 'on')
    or (stream = 1 and exists (select from matters_matter m where m.id = subject))
    or (stream = 2 and (select current_setting('minqing.access', true) = 'on')
        and exists (select from ledger_subject s where s.stream = 2 and s.subject = ledger_line.subject)), false));
alter table ledger_subject enable row level security;
create policy sight on ledger_subject for select using (coalesce(
    stream > 2
    or (select current_setting('minqing.house', true) = 'on')
    or ((select current_setting('minqing.access', true) = 'on')
        and exists (select from matters_matter m where m.code = ledger_subject.code)), false));

-- Sets the scope of the transaction and answers with the one before it. The settings in the order named above.
create function matters_sight(sight text[]) returns text[]
    language plpgsql as $$
declare
    was constant text[] := array[
        coalesce(current_setting('minqing.house', true), ''), coalesce(current_setting('minqing.areas', true), ''),
        coalesce(current_setting('minqing.sensitivity', true), ''), coalesce(current_setting('minqing.units', true), ''),
        coalesce(current_setting('minqing.barred', true), ''), coalesce(current_setting('minqing.code', true), ''),
        coalesce(current_setting('minqing.access', true), '')];
begin
    perform set_config('minqing.house', coalesce(sight[1], ''), true),
            set_config('minqing.areas', coalesce(sight[2], ''), true),
            set_config('minqing.sensitivity', coalesce(sight[3], ''), true),
            set_config('minqing.units', coalesce(sight[4], ''), true),
            set_config('minqing.barred', coalesce(sight[5], ''), true),
            set_config('minqing.code', coalesce(sight[6], ''), true),
            set_config('minqing.access', coalesce(sight[7], ''), true);
    return was;
end $$;

-- Matters as they stand with their duties, and with `words` the sealed masked copies and their key (bytes as 0004 makes
-- them), for one scope, in one turn: what the transaction saw before it sees again when the call ends (a fault undoes the
-- transaction, settings and all). One snapshot for both looks (stable): between two, somebody could write whom the matter
-- is against, and the second would tell them.
create function matters_read(sight text[], codes text[], ids bigint[], words boolean)
    returns table (told text, title bytea, body bytea, master smallint, wrapped bytea, duties text)
    language plpgsql stable as $$
declare
    was text[];
    seen bigint[];
begin
    was := matters_sight(sight);
    seen := array(select m.id from matters_matter m where m.code = any (codes) or m.id = any (ids));
    -- who sees a matter sees all that hangs on it: from here on nothing is filtered, and nothing but `seen` is read
    perform matters_sight(array['on', '', '', '', '{}']);
    return query
    select row_to_json(r)::text, case when words then m.title_masked end, case when words then m.text_masked end,
           k.master, k.wrapped, x.duties
    from matters_matter m
    cross join lateral (
        select m.id, encode(m.head, 'hex') as head, m.opened, m.happened, m.recorded, m.sensitivity, m.code, m.method,
               m.version, m.kind, m.channel, m.category, m.level, m.stage, m.holder, m.worker, m.source, m.external_id,
               m.position, m.region, m.ending, m.state) r
    cross join lateral (
        select (select coalesce(json_agg(d order by d.number), '[]')::text
                from (select kind, role, budget, law, roll, hours, calendar, next_rung, late, provisional, optional,
                             outlives, number, unit, state, starts, due, rungs
                      from matters_duty where matter_id = m.id) d) as duties) x
    left join vault_key k on words and k.subject = m.code
    where m.id = any (seen)
    order by m.id;
    perform matters_sight(was);
end $$;

-- What happened to matters of these numbers, for one scope, in one turn.
create function matters_lines(sight text[], ids bigint[])
    returns table (subject bigint, kind text, happened timestamptz, actor bigint, data text)
    language plpgsql stable as $$
#variable_conflict use_column
declare
    was text[];
    seen bigint[];
begin
    was := matters_sight(sight);
    seen := array(select m.id from matters_matter m where m.id = any (ids));
    perform matters_sight(array['on', '', '', '', '{}']);
    return query
    select l.subject, l.kind, l.happened, l.actor, l.data::text
    from ledger_line l
    where l.stream = 1 and l.subject = any (seen)
    order by l.subject, l.seq;
    perform matters_sight(was);
end $$;

-- One matter for one scope as matters_read gives it, and with `named` what is sealed about it by name (never what it
-- says), in the same turn and of the same snapshot. Whether the viewer may be told the names is asked of the matter
-- that came along.
create function matters_look(sight text[], of_code text, named boolean)
    returns table (told text, title bytea, body bytea, master smallint, wrapped bytea, duties text, names text)
    language plpgsql stable as $$
declare
    was text[];
begin
    select r.* into told, title, body, master, wrapped, duties from matters_read(sight, array[of_code], '{}', true) r;
    if told is null then
        return;  -- not there, or not seen: nothing is looked up
    end if;
    if named then
        was := matters_sight(array['on', '', '', '', '{}']);
        names := (select json_agg(n.* order by n.place)::text from vault_named(of_code) with ordinality
                      as n(name, kind, purpose, ground, ends, media, title, size, place));
        perform matters_sight(was);
    end if;
    return next;
end $$;

-- Codes under outside numbers of sources: for the house alone, which has looked whose source it is. In one turn.
create function matters_codes(sight text[], sources text[], numbers text[])
    returns table (source text, external_id text, code text)
    language plpgsql stable as $$
declare
    was text[];
begin
    was := matters_sight(sight);
    perform vault_house();
    return query
    select m.source, m.external_id, m.code
    from unnest(sources, numbers) as asked(source, number)
    join matters_matter m on m.source = asked.source and m.external_id = asked.number
    where m.external_id <> '';
    perform matters_sight(was);
end $$;

-- Numbers of matters whose marks answer the query, newest first, below `before`: filtered here by the scope of the
-- transaction, as row security would keep the index of words from serving (`@@` is not leakproof). For a unit it walks
-- what the unit owes or ever owed.
create function matters_find(query text, of_unit integer, before bigint, many integer) returns table (matter_id bigint)
    language plpgsql stable security definer set search_path = public, pg_temp as $$
#variable_conflict use_column
declare
    house constant boolean := coalesce(current_setting('minqing.house', true) = 'on', false);
    areas constant int8multirange := nullif(current_setting('minqing.areas', true), '');
    cap constant smallint := nullif(current_setting('minqing.sensitivity', true), '');
    own constant integer[] := nullif(current_setting('minqing.units', true), '');
    barred constant integer[] := nullif(current_setting('minqing.barred', true), '');
begin
    if of_unit is not null then
        return query
        select m.id
        from (select distinct d.matter_id from matters_duty d
              where d.unit = of_unit and d.matter_id < before order by d.matter_id desc) had
        join matters_search s on s.matter_id = had.matter_id
        join matters_matter m on m.id = had.matter_id
        where s.words @@ query::tsquery
          and coalesce((house or (m.region <@ areas and m.sensitivity <= cap) or m.units && own)
                       and not m.hidden_from && barred, false)
        order by m.id desc limit many;
    else
        return query
        select m.id
        from matters_search s join matters_matter m on m.id = s.matter_id
        where s.words @@ query::tsquery and s.matter_id < before
          and coalesce((house or (m.region <@ areas and m.sensitivity <= cap) or m.units && own)
                       and not m.hidden_from && barred, false)
        order by m.id desc limit many;
    end if;
end $$;
