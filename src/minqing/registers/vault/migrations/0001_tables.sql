-- The vault (ADR 0006): personal fields, words and files of a subject (the code of a matter), sealed under its key.
-- No column here holds a word of a resident: names are keyed hashes or names of fields, titles of files come from a
-- closed list. Whoever destroys a row of vault_key has destroyed all that was sealed under it, also in copies.
create table vault_key (
    subject text collate "C" primary key,
    master smallint not null check (master > 0),
    wrapped bytea not null
);

-- Purpose, ground and end date of every sealed field (PIPL art. 6, 13, 19): without them nothing is kept.
create table vault_value (
    subject text collate "C" not null,
    name text collate "C" not null,
    kind text not null,
    sealed bytea not null,
    purpose text not null check (purpose <> ''),
    ground text not null check (ground <> ''),
    ends date not null,
    primary key (subject, name)
);
create index vault_value_ends on vault_value (ends);

create table vault_file (
    subject text collate "C" not null,
    name text collate "C" not null,
    media text not null,
    title text not null,
    size integer not null check (size >= 0),
    sealed bytea not null,
    purpose text not null check (purpose <> ''),
    ground text not null check (ground <> ''),
    ends date not null,
    primary key (subject, name)
);
alter table vault_file alter column sealed set storage external;  -- sealed bytes do not compress
create index vault_file_ends on vault_file (ends);

-- Blind marks: keyed hashes by which a person's own matters are found for export and erasure, and by nothing else.
create table vault_mark (
    token text collate "C" not null,
    kind text not null,
    subject text collate "C" not null,
    name text collate "C" not null,  -- of the value it was made of; it goes with it
    primary key (token, kind, subject, name)
);
create index vault_mark_subject on vault_mark (subject, name);

-- Without a policy nobody but the owner sees a row. Those of keys, values and files follow the row of the matter and
-- stand in its app; marks are the house's alone.
alter table vault_key enable row level security;
alter table vault_value enable row level security;
alter table vault_file enable row level security;
alter table vault_mark enable row level security;
create policy house on vault_mark for select
    using (coalesce((select current_setting('minqing.house', true) = 'on'), false));
