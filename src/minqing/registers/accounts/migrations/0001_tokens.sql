-- Tokens: only the hash is stored (32 random bytes need no salt and no slow hash). Row security without a policy:
-- the application's role sees no row and writes none; the functions below are the only way in.
create table accounts_token (
    id integer generated always as identity primary key,
    hash bytea not null unique check (length(hash) = 32),
    title text not null,
    person integer references accounts_user (id),  -- of a token for a post: who holds it
    post integer references regions_post (id),
    source text not null default '',               -- of a program's token: the only source it reports under
    area bigint not null default 0,                -- of a program's token: its county
    rights text[] not null,
    expires timestamptz not null,
    created timestamptz not null,
    revoked timestamptz,
    last_used date,
    check (expires > created),
    check ((post is null) = (person is null) and (post is null) = (source <> '') and (post is null) = (area <> 0))
);
alter table accounts_token enable row level security;

-- A living token by its hash; nothing for one that is unknown, expired or revoked. Notes the day of its use.
create function accounts_token(of_hash bytea, of_moment timestamptz)
    returns table (id integer, person integer, post integer, source text, area bigint, rights text[])
    language plpgsql security definer set search_path = public, pg_temp as $$
#variable_conflict use_column
declare
    found accounts_token;
    of_day date := (of_moment at time zone 'Asia/Shanghai')::date;
begin
    select * into found from accounts_token t
        where t.hash = of_hash and t.expires > of_moment and t.revoked is null;
    if found.id is null then
        return;
    end if;
    if found.last_used is distinct from of_day then
        update accounts_token t set last_used = of_day where t.id = found.id;
    end if;
    return query select found.id, found.person, found.post, found.source, found.area, found.rights;
end $$;

-- Who gives, takes away or lists tokens acts for the house; any other scope is refused.
create function accounts_token_issue(
    of_hash bytea, of_title text, of_person integer, of_post integer, of_source text, of_area bigint,
    of_rights text[], until timestamptz, told timestamptz
) returns integer
    language plpgsql security definer set search_path = public, pg_temp as $$
declare
    number integer;
begin
    perform vault_house();
    insert into accounts_token (hash, title, person, post, source, area, rights, expires, created)
        values (of_hash, of_title, of_person, of_post, of_source, of_area, of_rights, until, told)
        returning id into number;
    return number;
end $$;

create function accounts_token_revoke(of_id integer, told timestamptz) returns boolean
    language plpgsql security definer set search_path = public, pg_temp as $$
begin
    perform vault_house();
    update accounts_token set revoked = told where id = of_id and revoked is null;
    return found;
end $$;

create function accounts_tokens()
    returns table (
        id integer, title text, person integer, post integer, source text, rights text[], expires timestamptz,
        created timestamptz, revoked timestamptz, last_used date
    )
    language plpgsql stable security definer set search_path = public, pg_temp as $$
#variable_conflict use_column
begin
    perform vault_house();
    return query
    select t.id, t.title, t.person, t.post, t.source, t.rights, t.expires, t.created, t.revoked, t.last_used
    from accounts_token t order by t.id;
end $$;
