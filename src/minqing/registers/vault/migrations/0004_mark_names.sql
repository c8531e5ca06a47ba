alter table vault_mark alter name drop default;

-- A mark has no purpose, ground and end of its own: it stands as long as the value it was made of.
create function vault_forget_marks() returns trigger
    language plpgsql security definer set search_path = public, pg_temp as $$
begin
    delete from vault_mark m using gone g where m.subject = g.subject and m.name = g.name;
    return null;
end $$;
create trigger forget_marks after delete on vault_value referencing old table as gone
    for each statement execute function vault_forget_marks();
