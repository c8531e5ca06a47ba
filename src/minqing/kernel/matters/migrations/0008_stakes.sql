-- What decides who sees a matter, filled in for the rows that were there before the locks, as `rows` and `sensitivity`
-- say it of new ones: who it is against, who holds, owes or ever owed something, how narrow the circle is. It only
-- rises. Tags as in `sensitivity.CLOSE_TAGS` of the day this was written.
update matters_matter m
set hidden_from = r.hidden_from, units = r.units, sensitivity = greatest(m.sensitivity, r.sensitivity)
from (
    select f.id,
           array(select distinct u from (
                     select f.holder as u
                     union all select d.unit from matters_duty d where d.matter_id = f.id) s
                 where u <> 0 order by u) as units,
           array(select distinct n from (
                     select a.unit::integer as n
                     from jsonb_array_elements_text(coalesce(f.state -> 'against', '[]')) as a(unit)
                     union all
                     select -p.person::integer
                     from jsonb_array_elements_text(coalesce(f.state -> 'against_people', '[]')) as p(person)) s
                 order by n) as hidden_from,
           (case when jsonb_array_length(coalesce(f.state -> 'against', '[]')) > 0
                   or jsonb_array_length(coalesce(f.state -> 'against_people', '[]')) > 0
                   or coalesce(f.state ->> 'against_unknown', '') not in ('', '0') then 2
                 when f.state -> 'tags' ?| array['violence-at-home', 'child-harmed', 'elder-harmed', 'self-harm'] then 1
                 else 0 end)::smallint as sensitivity
    from matters_matter f) r
where m.id = r.id
  and (m.hidden_from, m.units, m.sensitivity)
      is distinct from (r.hidden_from, r.units, greatest(m.sensitivity, r.sensitivity));
