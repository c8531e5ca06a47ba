-- What is sealed about a subject and can be opened, never what it says: values first, then files. Row security answers.
create function vault_named(of_subject text)
    returns table (name text, kind text, purpose text, ground text, ends date, media text, title text, size integer)
    stable language sql
begin atomic
    select x.name, x.kind, x.purpose, x.ground, x.ends, x.media, x.title, x.size
    from (select v.subject, false as file, v.name, v.kind, v.purpose, v.ground, v.ends, '' as media, '' as title,
                 0 as size
          from vault_value v where v.subject = of_subject
          union all
          select f.subject, true, f.name, 'file', f.purpose, f.ground, f.ends, f.media, f.title, f.size
          from vault_file f where f.subject = of_subject) x
    where exists (select from vault_key k where k.subject = of_subject)
    order by x.file, x.name;
end;
