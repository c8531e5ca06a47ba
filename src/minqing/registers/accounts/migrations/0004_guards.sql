-- Who gives, takes away or lists tokens acts for the house; any other scope is refused. A token is looked up by its hash
-- (accounts_token) before there is a scope: that one stays as it is.
drop function accounts_token_issue(bytea, text, integer, integer, text, bigint, text[], timestamptz, timestamptz);
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

-- True when it was living until now.
drop function accounts_token_revoke(integer, timestamptz);
create function accounts_token_revoke(of_id integer, told timestamptz) returns boolean
    language plpgsql security definer set search_path = public, pg_temp as $$
begin
    perform vault_house();
    update accounts_token set revoked = told where id = of_id and revoked is null;
    return found;
end $$;

-- All tokens, without their hashes.
drop function accounts_tokens();
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
