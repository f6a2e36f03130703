-- The loans whose packed series is not what their rows say, by loan, at most a number; `difference` says in what,
-- `total` how many there are.
-- $1 bigint first loan
-- $2 bigint last loan
-- $3 date first reported month
-- $4 date last reported month
-- $5 bigint most rows to give
select
    'loan_id ' || coalesce(kept.loan_id, reported.loan_id) as place,
    case
        when kept.loan_id is null then 'no series'
        when reported.loan_id is null then 'no month is reported'
        else concat_ws(
            ', ',
            case when kept.first_month <> reported.first_month then
                'first_month ' || kept.first_month || ' instead of ' || reported.first_month
            end,
            case when kept.due <> reported.due then 'due' end,
            case when kept.paid <> reported.paid then 'paid' end,
            case when kept.balance <> reported.balance then 'balance' end,
            case when kept.overdue_amount <> reported.overdue_amount then 'overdue_amount' end,
            case when kept.days_past_due <> reported.days_past_due then 'days_past_due' end
        )
    end as difference,
    count(*) over () as total
from (
    select loan_id, first_month, due, paid, balance, overdue_amount, days_past_due
    from loan_series
    where loan_id between $1 and $2
) as kept
full join reported_series($1, $2, $3, $4) as reported on reported.loan_id = kept.loan_id
where (
        kept.first_month, kept.due, kept.paid, kept.balance, kept.overdue_amount, kept.days_past_due
    ) is distinct from (
        reported.first_month, reported.due, reported.paid, reported.balance, reported.overdue_amount,
        reported.days_past_due
    )
order by coalesce(kept.loan_id, reported.loan_id)
limit $5
