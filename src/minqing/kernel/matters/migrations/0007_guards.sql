-- Functions of the house refuse every other scope, as those of the vault and the outbox do: the caller says under which
-- eyes it acts. A slip of the application's role is told, not answered.

-- As in 0001_due.sql, with the guard.
create or replace function matters_take_due(until timestamptz, many integer, passing bigint[])
    returns table (duty_id bigint, matter_id bigint, number smallint, rung smallint, next_at timestamptz)
    language plpgsql security definer set search_path = public, pg_temp as $$
#variable_conflict use_column
declare
    held bigint[];
begin
    perform vault_house();
    loop
        select array_agg(distinct id) into held
        from (select m.id
              from matters_duty d join matters_matter m on m.id = d.matter_id
              where d.state = 0 and d.next_at <= until and d.id <> all (passing)
              order by d.next_at limit many
              for no key update of m skip locked) taken;
        exit when held is null;
        return query
        select * from (
            select distinct on (d.matter_id) d.id, d.matter_id, d.number, d.next_rung, d.next_at
            from matters_duty d
            where d.matter_id = any (held) and d.state = 0 and d.next_at <= until and d.id <> all (passing)
            order by d.matter_id, d.next_at, d.number) one
        order by one.next_at, one.id;
        exit when found;
    end loop;
end $$;

-- As in 0001_publish.sql, with the guard.
create or replace function matters_publish(of_slug text, of_version text, of_text text, at timestamptz, by bigint)
    returns boolean language plpgsql security definer set search_path = public, pg_temp as $$
declare
    last integer;
begin
    perform vault_house();
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

-- As in 0002_shift.sql, with the guard.
create or replace function matters_shift_clock(to_seconds bigint, told timestamptz) returns timestamptz
    language plpgsql security definer set search_path = public, pg_temp as $$
declare
    was bigint;
    latest timestamptz;
begin
    perform vault_house();
    perform pg_advisory_xact_lock(1835090691);   -- every append waits meanwhile, as for a seal
    was := coalesce((select seconds from matters_shift), 0);
    latest := greatest(
        (select max(recorded) from matters_matter),
        (select max(recorded) from ledger_subject where not (stream = 5 and code = 'clock')), ledger_floor());
    if to_seconds < was and told + make_interval(secs => to_seconds) < latest then
        return latest;
    end if;
    insert into matters_shift (seconds, since) values (to_seconds, told)
        on conflict (one) do update set seconds = excluded.seconds, since = excluded.since;
    perform ledger_append(
        5::smallint, 'clock',
        json_build_array(json_build_object(
            'kind', 'ClockShifted', 'data', json_build_object('seconds', to_seconds, 'was', was),
            'happened', greatest(told, (select happened from ledger_subject where stream = 5 and code = 'clock')))),
        told);
    return null;
end $$;
