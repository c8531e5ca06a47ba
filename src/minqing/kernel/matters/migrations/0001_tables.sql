-- No foreign keys between these tables: one function joins them as it writes; a check for each row would slow loads.
-- One row a matter: what lists and rights need as columns, the rest in `state`; rows follow from the journal.
-- Only code, key and outside number are indexed: an act changes none of them, so its update stays in the page (HOT).
create table matters_matter (
    id bigint generated always as identity primary key,
    code text collate "C" not null unique check (position('|' in code) = 0),
    region bigint not null,
    town bigint,
    village bigint,
    holder integer not null,
    worker bigint not null,
    units integer[] not null,              -- all with a stake: the holder and whoever owes something
    sensitivity smallint not null,
    kind text not null,
    channel text not null,
    category text not null,
    level text not null,
    stage text not null,
    method text not null,
    version text not null,
    open boolean not null,
    ending text not null,
    position integer not null,
    head bytea not null,
    opened timestamptz not null,
    closed timestamptz,
    happened timestamptz not null,         -- of its last line
    recorded timestamptz not null,
    title_masked text not null,
    text_masked text not null,
    source text not null,
    external_id text not null,
    state jsonb not null
) with (fillfactor = 85);
create unique index matters_outside on matters_matter (source, external_id) where external_id <> '';

-- Everything that can be late; sweep and inboxes read this alone. state: 0 open, 1 done, 2 missed, 3 dropped.
-- colour: the level together with the clock, most urgent first (0). `main` stands for its matter in lists by area.
create table matters_duty (
    id bigint generated always as identity primary key,
    matter_id bigint not null,
    number smallint not null,
    kind text not null,
    role text not null,
    unit integer not null,
    region bigint not null,
    town bigint,
    village bigint,
    sensitivity smallint not null,
    units integer[] not null,
    main boolean not null,
    starts timestamptz not null,
    due timestamptz not null,
    rungs timestamptz[] not null,
    next_rung smallint not null,
    next_at timestamptz,
    state smallint not null,
    late boolean not null,
    colour smallint not null,
    budget text not null,
    law text not null,
    roll text not null,
    hours text not null,
    calendar text not null,
    provisional boolean not null,
    optional boolean not null,
    outlives boolean not null,
    unique (matter_id, number)
) with (fillfactor = 85);
create index matters_duty_county on matters_duty (colour, due, id)
    include (region, sensitivity, unit, matter_id, units) where state = 0 and main;
create index matters_duty_town on matters_duty (town, colour, due, id)
    include (region, sensitivity, unit, matter_id, units) where state = 0 and main;
create index matters_duty_village on matters_duty (village, colour, due, id)
    include (region, sensitivity, unit, matter_id, units) where state = 0 and main;
create index matters_duty_region on matters_duty (region, colour, due, id)
    include (sensitivity, unit, matter_id, units) where state = 0 and main;
create index matters_duty_unit on matters_duty (unit, colour, due, id)
    include (region, sensitivity, matter_id, units) where state = 0;
create index matters_duty_next on matters_duty (next_at) where state = 0;

-- Exactly once: a rung of a duty fires by being put here, in the transaction that moves its matter.
create table matters_fired (
    duty_id bigint not null,
    rung smallint not null,
    at timestamptz not null,
    by text not null,
    primary key (duty_id, rung)
);

-- The words; a line of the journal names them by keyed hash only.
create table matters_body (
    matter_id bigint not null,
    hash text collate "C" not null,
    kind text not null,
    text text not null,
    primary key (matter_id, hash, kind)
);

-- What others still have to hear of: lines first to last of a matter. Readers delete or mark, never keep a last id.
create table matters_outbox (
    id bigint generated always as identity primary key,
    subject bigint not null,
    seq integer not null,
    until integer not null,
    topic text not null
);

create table matters_method_version (
    slug text not null,
    version text not null,
    text text not null,
    published_at timestamptz not null,
    line integer not null,                 -- in the stream 'method', subject: the slug
    primary key (slug, version)
);
