-- What the house does to sealed rows: other masters, other end dates. The rows themselves are written by the functions
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

-- Another end date for everything sealed about these subjects; answers how many values and files it changed.
create function vault_set_ends(subjects text[], day date)
    returns integer language plpgsql security definer set search_path = public, pg_temp as $$
declare
    words integer;
    files integer;
begin
    perform vault_house();
    update vault_value set ends = day where subject = any (subjects) and ends <> day;
    get diagnostics words = row_count;
    update vault_file set ends = day where subject = any (subjects) and ends <> day;
    get diagnostics files = row_count;
    return words + files;
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
