alter table vault_mark
    drop constraint vault_mark_pkey,
    add column name text collate "C" not null default '';
create unique index vault_mark_pkey on vault_mark (token, kind, subject, name);
alter table vault_mark add primary key using index vault_mark_pkey;
drop index vault_mark_subject;
create index vault_mark_subject on vault_mark (subject, name);
