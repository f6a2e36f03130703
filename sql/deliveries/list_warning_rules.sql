-- How many rows of a delivery each warning names, the most first.
-- $1 bigint the delivery
select rule, rows from delivery_rule where delivery_id = $1 and warns order by rows desc, rule
