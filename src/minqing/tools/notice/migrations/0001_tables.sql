-- Messages on their way (ADR 0006). No address and no text: both are found when a message is sent. `unit` 0 is the
-- reporter. `once` is the notice's name for all time: whoever reacts to an event again adds nothing.
-- state: waiting, sending (claimed), sent, failed (is tried again), given_up, no_way (none known, or no gateway),
-- overtaken (no longer so when its hour came).
create table notice_message (
    id bigint generated always as identity primary key,
    once text collate "C" not null unique,
    code text collate "C" not null,
    kind text not null,
    unit integer not null,
    way text not null check (way in ('', 'sms', 'email', 'wechat')),  -- '' until it is chosen, when it is sent
    told jsonb not null,
    happened timestamptz not null,
    not_before timestamptz not null,
    passes_until timestamptz,              -- until when it passes quiet hours and working hours
    state text not null check (state in ('waiting', 'sending', 'sent', 'failed', 'given_up', 'no_way', 'overtaken')),
    tries smallint not null default 0,
    claim text not null default '',        -- whose turn it is; by the machine's own clock, which no trial shifts
    claimed timestamptz,
    digest bigint,                         -- the first of those told together, kept over tries: one idempotency id
    sent timestamptz,
    fault text not null default ''         -- a word of ours, never the gateway's
);
create index notice_message_next on notice_message (not_before) where state in ('waiting', 'failed');
create index notice_message_claimed on notice_message (claimed) where state = 'sending';
create index notice_message_no_way on notice_message (way) where state = 'no_way';
create index notice_message_code on notice_message (code);

-- The page of a unit; `unit` 0 and code '': the administrator's, about gateways, never about a matter.
create table notice_inbox (
    id bigint generated always as identity primary key,
    once text collate "C" not null unique,
    unit integer not null,
    code text collate "C" not null,
    kind text not null,
    told jsonb not null,
    happened timestamptz not null,
    urgent boolean not null,
    read_at timestamptz,
    read_by bigint not null default 0
);
create index notice_inbox_unit on notice_inbox (unit, id desc);

-- Written and sent by the house; the state of a message is seen with its matter.
alter table notice_message enable row level security;
create policy sight on notice_message for select using (coalesce(
    (select current_setting('minqing.house', true) = 'on')
    or exists (select from matters_matter m where m.code = notice_message.code), false));
create policy write on notice_message for insert with check (
    coalesce((select current_setting('minqing.house', true) = 'on'), false));
create policy mark on notice_message for update using (
    coalesce((select current_setting('minqing.house', true) = 'on'), false));

-- Seen by that unit alone, and only while it sees the matter: what is said to be against it vanishes from its page.
alter table notice_inbox enable row level security;
create policy sight on notice_inbox for select using (coalesce(
    (select current_setting('minqing.house', true) = 'on')
    or (unit = any ((select nullif(current_setting('minqing.units', true), '')::integer[])::integer[])
        and exists (select from matters_matter m where m.code = notice_inbox.code)), false));
create policy write on notice_inbox for insert with check (
    coalesce((select current_setting('minqing.house', true) = 'on'), false));
create policy mark on notice_inbox for update using (coalesce(
    (select current_setting('minqing.house', true) = 'on')
    or (unit = any ((select nullif(current_setting('minqing.units', true), '')::integer[])::integer[])
        and exists (select from matters_matter m where m.code = notice_inbox.code)), false));
