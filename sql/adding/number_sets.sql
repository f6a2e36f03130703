-- Numbers the sets of cells that what changed is of.
insert into cell_set
select row_number() over (), cells
from (
    select cells from borrower_change
    union
    select cells from opener_change
    union
    select alive from state_change
    union
    select over_30 from state_change
) as changed
