drop function matters_knock(text, bytea[], integer[], timestamptz, timestamptz, boolean);

-- Whether one of these subjects was tried as often as is taken within the window.
create function matters_shut(subjects bytea[], most integer[], since timestamptz) returns boolean
    stable language sql security definer set search_path = public, pg_temp
begin atomic
    select exists (
        select from unnest(subjects, most) as s(subject, most)
        where s.most <= (select coalesce(sum(t.tries), 0) from matters_try t
                         where t.subject = s.subject and t.slot > since));
end;

-- One knock at the door of a matter: true when the matter is there and the caller found that it `fits`. Only what
-- `locks` stays shut to what fits after too many wrong tries: a whole secret is not to be guessed, so nobody can lock
-- out who holds it. The same statements run whatever is wrong; it counts for every subject, up to the most of each.
create function matters_knock(
    of_code text, subjects bytea[], most integer[], since timestamptz, at timestamptz, fits boolean, locks boolean)
    returns boolean language plpgsql security definer set search_path = public, pg_temp as $$
#variable_conflict use_column
declare
    there boolean := exists (select from matters_matter m where m.code = of_code);
    often boolean := matters_shut(subjects, most, since);
begin
    delete from matters_try where slot < at - interval '2 days';
    if there and fits and not (locks and often) then
        return true;
    end if;
    insert into matters_try (subject, slot, tries)
        select s.subject, date_trunc('minute', at), 1 from unnest(subjects, most) as s(subject, most)
        where not matters_shut(array[s.subject], array[s.most], since) order by 1
        on conflict (subject, slot) do update set tries = matters_try.tries + 1;
    return false;
end $$;
