-- What changed of the borrowers who opened loans, in the order of the rollup's key.
select concat_ws(chr(9), month_of(slot), cells::varchar, sum(borrowers)) as line
from opener_change
group by slot, cells
having sum(borrowers) <> 0
order by slot, cells
