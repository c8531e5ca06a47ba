-- By how much the clock of the whole instance is moved, one row; none: not at all. Only on trial instances.
create table matters_shift (
    one boolean primary key default true check (one),
    seconds bigint not null,
    since timestamptz not null
);

-- Moves the clock and puts that down in the journal of the calendar, at the real time: `told` is the unmoved present.
-- Time never goes back behind what is recorded: then nothing is done, and the last moment on record is the answer.
create function matters_shift_clock(to_seconds bigint, told timestamptz) returns timestamptz
    language plpgsql security definer set search_path = public, pg_temp as $$
declare
    was bigint;
    latest timestamptz;
begin
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
