-- Finds the corrected loans that are settled now, with a balance reported for the month in which they were closed.
-- After repayments are merged.
-- $1 date first month of a closing
-- $2 date last month of a closing
insert into delivered_warning (place, kind, institution_id, month, rule, got, usual)
select
    version.place, 'loans', version.institution_id, date_trunc('month', version.reported_at)::date,
    'SETTLED_WITH_BALANCE',
    'state SETTLED, closed on ' || version.closed_on || ', balance ' || to_char(last.balance / 100.0, 'FM999999999999990.00')
        || ' in ' || to_char(last.month, 'YYYY-MM'),
    'a balance of 0 in the month in which a loan is settled'
from loan_version as version
join repayment as last
    on last.loan_id = version.loan_id
    and last.month = date_trunc('month', version.closed_on)::date
    and last.month between $1 and $2
where version.place is not null
    and version.loan_id is not null
    and version.state = 'SETTLED'
    and not version.confirms
    and version.superseded_at is null
    and version.reported_at > version.newest_at
    and last.balance > 0
