-- The rejected and the warned rows of institutions' months by rule, for each slot the most first.
-- $1 integer[] institution ids
-- $2 date[] months
-- -> RuleRow
select asked.slot::integer as slot, kept.warns, kept.rule, sum(kept.rows)::bigint as rows
from unnest($1::integer[], $2::date[]) with ordinality as asked (institution_id, month, slot)
join delivery_month_rule as kept on kept.institution_id = asked.institution_id and kept.month = asked.month
group by asked.slot, kept.warns, kept.rule
order by asked.slot, kept.warns, rows desc, kept.rule
