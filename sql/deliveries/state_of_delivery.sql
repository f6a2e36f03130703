-- What became of a delivery; no row where there is no such delivery.
-- $1 bigint the delivery
select state from delivery where id = $1
