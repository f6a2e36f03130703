-- What changed of the whole market's borrowers by number of lenders, packed by day as the rollup has it, in the order of
-- days.
select
    concat_ws(
        chr(9), since, [one.lenders for one in turns]::varchar, [one.institution_id for one in turns]::varchar,
        [one.change for one in turns]::varchar, [one.over_30 for one in turns]::varchar
    ) as line
from (
    select
        since,
        list_sort(
            list({'lenders': lenders, 'institution_id': institution_id, 'change': change, 'over_30': over_30})
        ) as turns
    from (
        select since, lenders, institution_id, sum(change) as change, sum(over_30) as over_30
        from turn_change
        group by since, lenders, institution_id
        having sum(change) <> 0 or sum(over_30) <> 0
    ) as turn
    group by since
) as packed
order by since
