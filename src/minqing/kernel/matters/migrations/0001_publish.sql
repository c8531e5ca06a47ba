-- A version of a method becomes the current one: its text and a line in the stream 'method'. Nothing is written when
-- it is current already; an older version may be published again.
create function matters_publish(of_slug text, of_version text, of_text text, at timestamptz, by bigint)
    returns boolean language plpgsql security definer set search_path = public, pg_temp as $$
declare
    last integer;
begin
    perform pg_advisory_xact_lock(1835090692);
    if of_version = (select version from matters_method_version where slug = of_slug order by line desc limit 1) then
        return false;
    end if;
    select last_seq into last from ledger_append(
        4::smallint, of_slug,
        json_build_array(json_build_object('kind', 'Published', 'happened', at, 'actor', by,
                         'data', json_build_object('version', of_version,
                                                   'sha256', encode(sha256(convert_to(of_text, 'UTF8')), 'hex')))),
        at);
    insert into matters_method_version (slug, version, text, published_at, line)
        values (of_slug, of_version, of_text, at, last)
        on conflict (slug, version) do update set published_at = excluded.published_at, line = excluded.line;
    return true;
end $$;
