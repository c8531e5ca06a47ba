-- The seat of a post with its unit, the units above, and the posts of its stand-ins with who sits in them. Every
-- request with a token asks it: plans are kept by the connection, and each step is one look-up by key.
create function accounts_seat(of_post integer)
    returns table (
        role text, title text, unit integer, kind text, level text, region bigint, above integer[], terms text
    )
    language plpgsql stable set search_path = public, pg_temp as $$
#variable_conflict use_column
declare
    up integer;
    post integer := of_post;
    stand_in integer;
    term json;
    chain json[] := '{}';
    seen integer[] := '{}';
begin
    above := '{}';
    select s.role, p.role, u.id, u.kind, u.level, u.region, u.above_id
        into role, title, unit, kind, level, region, up
        from accounts_seat s join regions_post p on p.id = s.post_id join regions_unit u on u.id = p.unit_id
        where s.post_id = of_post;
    if unit is null then
        return;
    end if;
    while up is not null and up <> all (above) loop
        above := above || up;
        select u.above_id into up from regions_unit u where u.id = above[array_length(above, 1)];
    end loop;
    while post is not null and post <> all (seen) loop
        seen := seen || post;
        select json_build_array(p.id, p.unit_id, p.starts, p.ends, p.absent_from, p.absent_to, p.stand_in_id,
                                x.user_id, coalesce(a.active, false)), p.stand_in_id
            into term, stand_in
            from regions_post p left join accounts_seat x on x.post_id = p.id
            left join accounts_user a on a.id = x.user_id where p.id = post;
        chain := chain || term;
        post := stand_in;
    end loop;
    terms := array_to_json(chain)::text;
    return next;
end $$;

-- The other posts of who serves in a post (chain: the terms that accounts_seat told), so that a matter against one of
-- their units is kept from them in every post: the user, from and to which day, and the units, their own first.
-- A post in which they stand in counts for the days of the leave. Which of them run today is asked by the caller.
create function accounts_besides(of_post integer, chain text) returns text
    language sql stable set search_path = public, pg_temp as $$
    with recursive serving as (
        select distinct (t.value ->> 7)::integer as person from json_array_elements(chain::json) t
    ), term as (
        select s.user_id as person, p.id as post, p.unit_id as unit, p.starts, p.ends
        from serving v join accounts_seat s on s.user_id = v.person join regions_post p on p.id = s.post_id
        union all
        select s.user_id, away.id, away.unit_id, away.absent_from, away.absent_to
        from serving v join accounts_seat s on s.user_id = v.person
        join regions_post away on away.stand_in_id = s.post_id
        where away.absent_from is not null
    ), way as (
        select distinct t.unit as own, t.unit, 1 as step from term t where t.post <> of_post
        union all
        select w.own, u.above_id, w.step + 1 from way w join regions_unit u on u.id = w.unit
        where u.above_id is not null and u.kind <> 'inspection' and w.step < 10
    )
    select coalesce(json_agg(json_build_array(t.person, t.starts, t.ends,
               array(select w.unit from way w where w.own = t.unit order by w.step)) order by t.post), '[]')::text
    from term t where t.post <> of_post
$$;
