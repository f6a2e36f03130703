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
from (
    -- Days first: their months take longer to find than they do to count.
    select institution_id, opened_on as day, count(*) as opened, 0 as ended from newest group by institution_id, opened_on
    union all
    select institution_id, closed_on, 0, count(*)
    from newest
    where closed_on is not null
    group by institution_id, closed_on
) as life
group by institution_id, date_trunc('month', day)
order by institution_id, month
on conflict (institution_id, month) do update
set opened = institution_month.opened + excluded.opened, ended = institution_month.ended + excluded.ended
