-- Gives cells their institutions' kinds.
update portfolio_cell c
set institution_kind = i.kind
from institution i
where i.id = c.institution_id and i.kind <> c.institution_kind
