-- Delivered institutions that differ from an earlier row of their code, in the delivery's order, at most 20; `total`
-- says how many there are.
select
    here.place,
    array_to_string(array[
        case when here.name <> here.first_name then 'name' end,
        case when here.kind <> here.first_kind then 'kind' end
    ], ', ') as column_name,
    here.code as got,
    here.first_place as other_place,
    count(*) over () as total
from (
    select
        place, code, name, kind,
        first_value(place) over first_of_code as first_place,
        first_value(name) over first_of_code as first_name,
        first_value(kind) over first_of_code as first_kind
    from delivered_institution
    window first_of_code as (partition by code order by place)
) as here
where (here.name, here.kind) <> (here.first_name, here.first_kind)
order by here.place
limit 20
