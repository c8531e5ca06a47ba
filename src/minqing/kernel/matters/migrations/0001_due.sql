-- Takes due rungs, the earliest first: locks their matters until the transaction ends, passing over what another sweep
-- or an act holds, and answers with the earliest due rung of each, none of the duties in `passing`. One a matter: two
-- in a batch would claim one position. Who writes duties holds their matter, so no duty is locked itself: two sweeps
-- that held duties of each other's matters would wait for each other. What is due is read again once the matters are
-- held: until then another sweep may have fired it, or added what comes first.
create function matters_take_due(until timestamptz, many integer, passing bigint[])
    returns table (duty_id bigint, matter_id bigint, number smallint, rung smallint, next_at timestamptz)
    language plpgsql security definer set search_path = public, pg_temp as $$
#variable_conflict use_column
declare
    held bigint[];
begin
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
