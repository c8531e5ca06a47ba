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
