-- Delivered institutions of a code to which the delivery gives different names or kinds, in the delivery's order, at
-- most a number; `other_place` is a row that differs, `total` says how many there are.
-- $1 bigint most rows to give
select
    here.place,
    array_to_string(array[
        case when here.names then 'name' end,
        case when here.kinds then 'kind' end
    ], ', ') as column_name,
    here.code as got,
    case when here.differs then here.first_place else here.differing_place end as other_place,
    count(*) over () as total
from (
    select
        place, code, differs, first_place,
        min(name) over of_code <> max(name) over of_code as names,
        min(kind) over of_code <> max(kind) over of_code as kinds,
        min(place) filter (where differs) over of_code as differing_place
    from (
        select
            place, code, name, kind,
            first_value(place) over first_of_code as first_place,
            (name, kind) is distinct from first_value(row(name, kind)) over first_of_code as differs
        from delivered_institution
        window first_of_code as (partition by code order by place)
    ) as compared
    window of_code as (partition by code)
) as here
where here.differing_place is not null
order by here.place
limit $1
