-- Sets the scope of the transaction and answers with the one before it, as it did (0003); without a loop.
create or replace function matters_sight(sight text[]) returns text[]
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
