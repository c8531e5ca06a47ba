-- The masked copies are sealed like the words they were made of: bytes of the vault from here on.
alter table matters_matter
    alter title_masked type bytea using convert_to(title_masked, 'UTF8'),
    alter text_masked type bytea using convert_to(text_masked, 'UTF8');

-- Requests that were done, by the key their sender gave them: the same key again is answered with what came of it.
create table matters_request (
    key bytea primary key,
    digest bytea not null,
    code text collate "C" not null,
    seq integer not null,
    at timestamptz not null
);
create index matters_request_at on matters_request using brin (at) with (pages_per_range = 16);
alter table matters_request enable row level security;    -- no policy: read by the function below alone

create function matters_requested(keys bytea[]) returns table (key bytea, digest bytea, code text, seq integer)
    stable language sql security definer set search_path = public, pg_temp
begin atomic
    select r.key, r.digest, r.code, r.seq from matters_request r where r.key = any (keys);
end;

-- What is kept of done requests goes by itself after a while: a job of the house.
create function matters_forget_requests(until timestamptz) returns bigint
    language plpgsql security definer set search_path = public, pg_temp as $$
declare
    gone bigint;
begin
    perform vault_house();
    delete from matters_request where at < until;
    get diagnostics gone = row_count;
    return gone;
end $$;

-- Wrong tries at the public page, a row a minute and subject; a subject is a keyed hash (of a code, of an address).
create table matters_try (
    subject bytea not null,
    slot timestamptz not null,
    tries integer not null,
    primary key (subject, slot)
);
create index matters_try_slot on matters_try (slot);
alter table matters_try enable row level security;

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

-- The wrapped keys of matters, for who has read them: the head proves it.
create function matters_keys(ids bigint[], heads bytea[]) returns table (code text, master smallint, wrapped bytea)
    stable language sql security definer set search_path = public, pg_temp
begin atomic
    select m.code, k.master, k.wrapped
    from unnest(ids, heads) as asked(id, head)
    join matters_matter m on m.id = asked.id and m.head = asked.head
    join vault_key k on k.subject = m.code;
end;

-- What is sealed is seen with its matter; marks are for functions alone.
create policy sight on vault_key for select using (coalesce(
    (select current_setting('minqing.house', true) = 'on')
    or exists (select from matters_matter m where m.code = subject), false));
create policy sight on vault_value for select using (coalesce(
    (select current_setting('minqing.house', true) = 'on')
    or exists (select from matters_matter m where m.code = subject), false));
create policy sight on vault_file for select using (coalesce(
    (select current_setting('minqing.house', true) = 'on')
    or exists (select from matters_matter m where m.code = subject), false));
