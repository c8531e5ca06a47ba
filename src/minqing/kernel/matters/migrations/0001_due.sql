-- Takes rungs that are due, the earliest first, with their matter and duty locked until the transaction ends; what
-- another sweep or an act holds is passed over, and so are the duties named. One duty a matter: two in a batch would
-- claim one position. The matter is locked before the duty: a duty held without its matter would let two sweeps wait
-- for each other.
create function matters_take_due(until timestamptz, many integer, passing bigint[])
    returns table (duty_id bigint, matter_id bigint, number smallint, rung smallint, next_at timestamptz)
    language sql security definer set search_path = public, pg_temp as $$
    with taken as materialized (
        select d.id, d.matter_id, d.number, d.next_rung, d.next_at
        from matters_duty d join matters_matter m on m.id = d.matter_id
        where d.state = 0 and d.next_at <= until and d.id <> all (passing)
        order by d.next_at limit many
        for no key update of m, d skip locked
    )
    select id, matter_id, number, next_rung, next_at
    from (select distinct on (matter_id) * from taken order by matter_id, next_at, number) one
    order by next_at, id
$$;
