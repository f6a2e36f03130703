-- Takes all months of the touched borrowers; none where nothing is reported.
-- $1 date first reported month
-- $2 date last reported month
insert into touched_span (borrower_id, first, last)
select borrower_id, $1::date, $2::date
from touched_borrower
where $1::date is not null
