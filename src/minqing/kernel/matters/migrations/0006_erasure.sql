-- Erasure on request and the end of retention (个人信息保护法 art. 47, 19): what touches both the vault and the rows of
-- matters. The journal is never touched: its lines hold no words, and still verify.

-- The masked copies and the marks of their words go. One zero byte says that there were words and that they were erased.
create function matters_forget_words(codes text[]) returns void
    language plpgsql security definer set search_path = public, pg_temp as $$
begin
    perform vault_house();
    update matters_matter set title_masked = '\x00', text_masked = '\x00' where code = any (codes);
    delete from matters_search s using matters_matter m where m.code = any (codes) and s.matter_id = m.id;
    delete from matters_request where code = any (codes);  -- a digest of what was asked
end $$;

-- Everything sealed about these matters is destroyed, first of all the keys. All or nothing: while one of them is open,
-- the open ones are named and nothing is touched. Codes that are on record nowhere are not answered.
create function vault_erase(codes text[]) returns table (code text, unended boolean, words integer, files integer)
    language plpgsql security definer set search_path = public, pg_temp as $$
#variable_conflict use_column
begin
    perform vault_house();
    perform from matters_matter m where m.code = any (codes) order by m.id for no key update;  -- no act meanwhile
    return query select m.code, true, 0, 0 from matters_matter m where m.code = any (codes) and m.open order by 1;
    if found then
        return;
    end if;
    perform matters_forget_words(codes);
    return query
    with known as materialized (
        select m.code from matters_matter m where m.code = any (codes)
    ), keys_gone as (
        delete from vault_key where subject = any (array(select code from known))
    ), marks_gone as (
        delete from vault_mark where subject = any (array(select code from known))
    ), words_gone as (
        delete from vault_value where subject = any (array(select code from known)) returning subject
    ), files_gone as (
        delete from vault_file where subject = any (array(select code from known)) returning subject
    )
    select k.code, false, (select count(*)::integer from words_gone w where w.subject = k.code),
           (select count(*)::integer from files_gone f where f.subject = k.code)
    from known k order by 1;
end $$;

-- At most `many` subjects of which something is past its end on that day. Of a matter that is open it is kept until
-- `later`; of an ended one (or of none) it is destroyed value by value, and the key with the last of them.
create function vault_retain(today date, later date, many integer)
    returns table (code text, unended boolean, words integer, files integer, bare boolean)
    language plpgsql security definer set search_path = public, pg_temp as $$
#variable_conflict use_column
declare
    due text[];
    still_open text[];
    told jsonb;
    empty text[];
begin
    perform vault_house();
    due := array(
        select subject from (
            (select subject from vault_value where ends <= today order by ends, subject limit many * 16)
            union (select subject from vault_file where ends <= today order by ends, subject limit many * 16)) s
        order by 1 limit many);
    perform from matters_matter m where m.code = any (due) order by m.id for no key update;
    still_open := array(select m.code from matters_matter m where m.code = any (due) and m.open);
    with later_words as (
        update vault_value set ends = later where subject = any (still_open) and ends <= today returning subject
    ), later_files as (
        update vault_file set ends = later where subject = any (still_open) and ends <= today returning subject
    ), words_gone as (
        delete from vault_value where subject = any (due) and subject <> all (still_open) and ends <= today
        returning subject, kind
    ), files_gone as (
        delete from vault_file where subject = any (due) and subject <> all (still_open) and ends <= today
        returning subject
    )
    select jsonb_agg(jsonb_build_object(
        'code', d.subject, 'unended', d.subject = any (still_open),
        'words', (select count(*) from (select subject from later_words union all select subject from words_gone) w
                  where w.subject = d.subject),
        'files', (select count(*) from (select subject from later_files union all select subject from files_gone) f
                  where f.subject = d.subject),
        'masked', exists (select from words_gone w where w.subject = d.subject and w.kind in ('title', 'text'))))
    into told from unnest(due) as d(subject);
    empty := array(
        select d.subject from unnest(due) as d(subject)
        where d.subject <> all (still_open)
          and not exists (select from vault_value v where v.subject = d.subject)
          and not exists (select from vault_file f where f.subject = d.subject));
    delete from vault_key where subject = any (empty);
    delete from vault_mark where subject = any (empty);
    perform matters_forget_words(array(
        select t.code from jsonb_to_recordset(told) as t(code text, masked boolean)
        where t.masked or t.code = any (empty)));
    return query
    select t.code, t.unended, t.words, t.files, t.code = any (empty)
    from jsonb_to_recordset(told) as t(code text, unended boolean, words integer, files integer) order by 1;
end $$;
