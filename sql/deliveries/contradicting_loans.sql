-- Delivered reports of a loan that differ from another of the same instant, in the delivery's order, at most 20;
-- `other_place` is null where the other one is stored; `total` says how many there are.
select
    here.place,
    array_to_string(array[
        case when here.borrower_id <> here.first_borrower_id then 'subject_key' end,
        case when here.product <> here.first_product then 'product' end,
        case when here.principal <> here.first_principal then 'principal' end,
        case when here.opened_on <> here.first_opened_on then 'opened_on' end,
        case when here.due_on is distinct from here.first_due_on then 'due_on' end,
        case when here.closed_on is distinct from here.first_closed_on then 'closed_on' end,
        case when here.state <> here.first_state then 'state' end
    ], ', ') as column_name,
    here.number as got,
    here.first_place as other_place,
    count(*) over () as total
from (
    select
        place, number, borrower_id, product, principal, opened_on, due_on, closed_on, state,
        first_value(place) over first_report as first_place,
        first_value(borrower_id) over first_report as first_borrower_id,
        first_value(product) over first_report as first_product,
        first_value(principal) over first_report as first_principal,
        first_value(opened_on) over first_report as first_opened_on,
        first_value(due_on) over first_report as first_due_on,
        first_value(closed_on) over first_report as first_closed_on,
        first_value(state) over first_report as first_state
    from loan_history
    window first_report as (partition by institution_id, number, reported_at order by place nulls first)
) as here
where here.place is not null
    and (here.borrower_id, here.product, here.principal, here.opened_on, here.due_on, here.closed_on, here.state)
    is distinct from (
        here.first_borrower_id, here.first_product, here.first_principal, here.first_opened_on, here.first_due_on,
        here.first_closed_on, here.first_state
    )
order by here.place
limit 20
