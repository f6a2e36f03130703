-- Delivered reports of a loan that differ from another of the same instant, in the delivery's order, at most a number;
-- `other_place` is null where the other one is stored, and a stored one is right; `total` says how many there are.
-- $1 bigint most rows to give
select
    here.place,
    array_to_string(array[
        case when here.borrowers then 'subject_key' end,
        case when here.products then 'product' end,
        case when here.principals then 'principal' end,
        case when here.openings then 'opened_on' end,
        case when here.dues then 'due_on' end,
        case when here.closings then 'closed_on' end,
        case when here.states then 'state' end
    ], ', ') as column_name,
    here.number as got,
    case when here.differs then here.first_place else here.differing_place end as other_place,
    count(*) over () as total
from (
    select
        place, number, differs, first_place,
        min(borrower_id) over of_instant <> max(borrower_id) over of_instant as borrowers,
        min(product) over of_instant <> max(product) over of_instant as products,
        min(principal) over of_instant <> max(principal) over of_instant as principals,
        min(opened_on) over of_instant <> max(opened_on) over of_instant as openings,
        min(coalesce(due_on, 'infinity')) over of_instant <> max(coalesce(due_on, 'infinity')) over of_instant as dues,
        min(coalesce(closed_on, 'infinity')) over of_instant
        <> max(coalesce(closed_on, 'infinity')) over of_instant as closings,
        min(state) over of_instant <> max(state) over of_instant as states,
        min(place) filter (where differs) over of_instant as differing_place
    from (
        select
            place, institution_id, number, reported_at, borrower_id, product, principal, opened_on, due_on, closed_on,
            state,
            first_value(place) over first_report as first_place,
            (borrower_id, product, principal, opened_on, due_on, closed_on, state) is distinct from first_value(
                row(borrower_id, product, principal, opened_on, due_on, closed_on, state)
            ) over first_report as differs
        from loan_history
        -- Nearly all instants of a loan have one report: looking at these costs less than comparing them.
        where (institution_id, number, reported_at) in (
            select institution_id, number, reported_at
            from loan_history
            group by institution_id, number, reported_at
            having count(*) > 1
        )
        window first_report as (partition by institution_id, number, reported_at order by place nulls first)
    ) as compared
    window of_instant as (partition by institution_id, number, reported_at)
) as here
where here.place is not null
    and (here.differs or (here.first_place is not null and here.differing_place is not null))
order by here.place
limit $1
