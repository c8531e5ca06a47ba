-- Every duty copies it from its matter, those that have ended too.
update matters_duty d
set hidden_from = m.hidden_from, units = m.units, sensitivity = m.sensitivity
from matters_matter m
where m.id = d.matter_id
  and (d.hidden_from, d.units, d.sensitivity) is distinct from (m.hidden_from, m.units, m.sensitivity);
