-- Removes what has become nothing of the borrowers by number of lenders, looked for only where something was noted.
delete from portfolio_holder as kept
using holder_change as changed
where
    kept.grain = changed.grain
    and kept.since = changed.since
    and kept.lenders = changed.lenders
    and kept.institution_id is not distinct from changed.institution_id
    and kept.change = 0
    and kept.over_30 = 0
