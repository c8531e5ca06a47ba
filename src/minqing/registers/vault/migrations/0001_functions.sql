-- What the house does to sealed rows: other masters. The rows themselves are written by the functions
-- of the apps above, in the statement that writes the matter.
create function vault_house() returns void language plpgsql set search_path = public, pg_temp as $$
begin
    if coalesce(current_setting('minqing.house', true), '') <> 'on' then
        raise exception 'only the house may do this' using errcode = 'insufficient_privilege';
    end if;
end $$;

-- Keys wrapped anew. One that was destroyed or wrapped by somebody else meanwhile is passed over.
create function vault_rewrap(subjects text[], olds smallint[], news smallint[], wraps bytea[])
    returns integer language plpgsql security definer set search_path = public, pg_temp as $$
declare
    done integer;
begin
    perform vault_house();
    update vault_key k set master = n.new, wrapped = n.wrap
    from unnest(subjects, olds, news, wraps) as n(subject, old, new, wrap)
    where k.subject = n.subject and k.master = n.old;
    get diagnostics done = row_count;
    return done;
end $$;

-- No key may be written under a master below `lowest` any more: a process that still knows the old ring is refused,
-- instead of sealing under a key that is about to be destroyed. Existing rows are looked at by vault_masters_hold.
create function vault_bar_masters(lowest smallint)
    returns void language plpgsql security definer set search_path = public, pg_temp
    set lock_timeout = '3s' as $$
begin
    perform vault_house();
    if lowest > (select max(master) from vault_key) then
        raise exception 'no key is under master %', lowest using errcode = 'check_violation';
    end if;
    execute format('alter table vault_key drop constraint vault_key_master_check, '
                   'add constraint vault_key_master_check check (master >= %s) not valid', lowest);
end $$;

-- The database itself finds that no row is below the bar; raises when one is.
create function vault_masters_hold()
    returns void language plpgsql security definer set search_path = public, pg_temp
    set lock_timeout = '3s' as $$
begin
    perform vault_house();
    alter table vault_key validate constraint vault_key_master_check;
end $$;

-- A sealed value of the house's own making, such as the reason of a look-up; only under a key that stands.
create function vault_keep(
    subjects text[], names text[], kinds text[], sealeds bytea[], of_purpose text, of_ground text, day date)
    returns integer language plpgsql security definer set search_path = public, pg_temp as $$
declare
    done integer;
begin
    perform vault_house();
    insert into vault_value (subject, name, kind, sealed, purpose, ground, ends)
    select n.subject, n.name, n.kind, n.sealed, of_purpose, of_ground, day
    from unnest(subjects, names, kinds, sealeds) as n(subject, name, kind, sealed)
    join vault_key k on k.subject = n.subject
    on conflict do nothing;
    get diagnostics done = row_count;
    return done;
end $$;

-- What is sealed about a subject and can be opened, never what it says: values first, then files. Row security answers.
-- In plpgsql the connection keeps the plan, which costs more than the look-up.
create function vault_named(of_subject text)
    returns table (name text, kind text, purpose text, ground text, ends date, media text, title text, size integer)
    language plpgsql stable as $$
#variable_conflict use_column
begin
    perform from vault_key k where k.subject = of_subject;
    if not found then
        return;
    end if;
    return query
    select v.name, v.kind, v.purpose, v.ground, v.ends, ''::text, ''::text, 0
    from vault_value v where v.subject = of_subject order by v.name;
    return query
    select f.name, 'file'::text, f.purpose, f.ground, f.ends, f.media, f.title, f.size
    from vault_file f where f.subject = of_subject order by f.name;
end $$;

-- A mark has no purpose, ground and end of its own: it stands as long as the value it was made of.
create function vault_forget_marks() returns trigger
    language plpgsql security definer set search_path = public, pg_temp as $$
begin
    delete from vault_mark m using gone g where m.subject = g.subject and m.name = g.name;
    return null;
end $$;
create trigger forget_marks after delete on vault_value referencing old table as gone
    for each statement execute function vault_forget_marks();
