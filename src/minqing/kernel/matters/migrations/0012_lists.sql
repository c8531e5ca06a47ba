-- Lists and counts that stay quick at a million open matters. Row security also asks whom a matter is hidden from; an
-- index that does not hold that (and what is shown of a line beside) sends every count to the rows of the table.
drop index matters_duty_county, matters_duty_town, matters_duty_village, matters_duty_region, matters_duty_unit;
create index matters_duty_county on matters_duty (colour, due, id)
    include (region, sensitivity, unit, matter_id, units, hidden_from, late, kind) where state = 0 and main;
create index matters_duty_town on matters_duty (town, colour, due, id)
    include (region, sensitivity, unit, matter_id, units, hidden_from, late, kind) where state = 0 and main;
create index matters_duty_village on matters_duty (village, colour, due, id)
    include (region, sensitivity, unit, matter_id, units, hidden_from, late, kind) where state = 0 and main;
create index matters_duty_region on matters_duty (region, colour, due, id)
    include (sensitivity, unit, matter_id, units, hidden_from, late, kind) where state = 0 and main;
create index matters_duty_unit on matters_duty (unit, colour, due, id)
    include (region, sensitivity, matter_id, units, hidden_from, late, kind) where state = 0;

-- The brief of a day looks for what came in, what ended and what ran late on it, not through the whole county.
create index matters_matter_opened on matters_matter (opened);
create index matters_duty_late on matters_duty (due) where late;
create index matters_line_outcome on ledger_line (kind, happened)
    where stream = 1 and (kind in ('Settled', 'Closed', 'Reopened')
                          or kind = 'Entered' and data->>'because' = 'unsatisfied');

-- Search is planned for each word anew. The plan that is kept for all words knows none: it takes a rare one for one that
-- a text in hundreds has, and walks all texts from the newest on. With that a unit's search no longer walks what the unit
-- ever owed, where the word is the rarer of the two.
create or replace function matters_find(query text, of_unit integer, before bigint, many integer)
    returns table (matter_id bigint)
    language plpgsql stable security definer set search_path = public, pg_temp set plan_cache_mode = force_custom_plan
as $$
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
        from matters_search s join matters_matter m on m.id = s.matter_id
        where s.words @@ query::tsquery and s.matter_id < before
          and exists (select from matters_duty d where d.unit = of_unit and d.matter_id = s.matter_id)
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

-- What is asked of each line's matter is asked of that one matter. An `exists` here is turned into a list of every matter
-- the viewer sees, made for each statement, as soon as the planner expects some thousand lines.
alter policy sight on ledger_line using (coalesce(
    stream > 2
    or (select current_setting('minqing.house', true) = 'on')
    or (stream = 1 and (select true from matters_matter m where m.id = subject))
    or (stream = 2 and (select current_setting('minqing.access', true) = 'on')
        and exists (select from ledger_subject s where s.stream = 2 and s.subject = ledger_line.subject)), false));
