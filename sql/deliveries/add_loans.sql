-- Adds the loans that are not known yet, each in its newest version, and counts the months in which they were opened
-- and ended.
with newest as (
    select
        borrower_id, institution_id, number, product, principal, opened_on, due_on, closed_on, state, reported_at
    from loan_report
    where alone and loan_id is null
    union all
    select
        borrower_id, institution_id, number, product, principal, opened_on, due_on, closed_on, state, reported_at
    from loan_version
    where loan_id is null and not confirms and superseded_at is null
),
added as (
    insert into loan (
        borrower_id, institution_id, number, product, principal, opened_on, due_on, closed_on, state, reported_at
    )
    select
        borrower_id, institution_id, number, product, principal, opened_on, due_on, closed_on, state, reported_at
    from newest
    order by borrower_id, opened_on, institution_id, number
)
insert into institution_month (institution_id, month, opened, ended)
select institution_id, date_trunc('month', day)::date as month, sum(opened), sum(ended)
from newest
cross join lateral (values (opened_on, 1, 0), (closed_on, 0, 1)) as life (day, opened, ended)
where day is not null
group by institution_id, date_trunc('month', day)
order by institution_id, month
on conflict (institution_id, month) do update
set opened = institution_month.opened + excluded.opened, ended = institution_month.ended + excluded.ended
