-- Notes on which days the touched borrowers' lenders change, and whether they have a loan over 30 days in the month: of
-- those who have just so many lenders all (institution 0), and those of each of these institutions.
insert into turn_change (since, lenders, institution_id, change, over_30)
with part as (
    select sign, borrower_id, institution_id, opened_on as start_on, closed_on + 1 as end_on, false as late
    from touched_loan
    union all
    select sign, borrower_id, institution_id, month, (month + interval '1 month')::date, true
    from touched_arrear
    where days_past_due > 30
),
turn as (
    select sign, borrower_id, start_on as on_day from part
    union
    select sign, borrower_id, end_on from part where end_on is not null
),
state as (
    select
        n.sign, n.borrower_id, n.on_day, array_agg(distinct p.institution_id) filter (where not p.late) as alive,
        coalesce(bool_or(p.late), false) as late
    from turn n
    left join part p
        on p.borrower_id = n.borrower_id and p.sign = n.sign
        and p.start_on <= n.on_day and (p.end_on is null or n.on_day < p.end_on)
    group by n.borrower_id, n.on_day, n.sign
),
step as (
    select
        sign, on_day, alive, late, lag(alive) over before_it as alive_before, lag(late) over before_it as late_before
    from state
    window before_it as (partition by borrower_id, sign order by on_day)
),
changed as (
    select
        s.on_day, d.alive, s.sign * d.change as change, case when d.late then s.sign * d.change else 0 end as over_30,
        s.alive is distinct from s.alive_before as moves
    from step s
    cross join lateral (
        values (s.alive, s.late, 1), (s.alive_before, s.late_before, -1)
    ) as d (alive, late, change)
    where d.alive is not null and (s.alive, s.late) is distinct from (s.alive_before, s.late_before)
)
-- Where only lateness changes, each institution has as many as before.
select
    c.on_day, cardinality(c.alive), i.institution_id, sum(c.change),
    sum(case when i.institution_id = 0 then c.over_30 else 0 end)
from changed c
cross join unnest(case when c.moves then array_append(c.alive, 0) else '{0}' end) as i (institution_id)
group by c.on_day, cardinality(c.alive), i.institution_id
having sum(c.change) <> 0 or sum(case when i.institution_id = 0 then c.over_30 else 0 end) <> 0
