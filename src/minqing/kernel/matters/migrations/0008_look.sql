-- One matter for one scope as matters_read gives it, and with `named` what is sealed about it by name (never what it
-- says), in the same turn. Whether the viewer may be told the names is asked of the matter that came along.
create function matters_look(sight text[], of_code text, named boolean)
    returns table (told text, title bytea, body bytea, master smallint, wrapped bytea, duties text, names text)
    language plpgsql as $$
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
