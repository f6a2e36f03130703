-- Notes where the most days past due that the touched borrowers' loans ever had rise, by month on book: one loan more has
-- the new number, and one less the old one, but for none, which is over no threshold.
insert into opening_change (cell_id, opened, age, days, change)
with step as (
    select
        sign, opened_on, cell_id, month, days_past_due as now_days,
        max(days_past_due) over (
            partition by loan_id, sign order by month rows between unbounded preceding and 1 preceding
        ) as before_days
    from touched_arrear
)
select
    s.cell_id, s.opened_on, series_slot(s.month) - series_slot(s.opened_on), d.days, sum(s.sign * d.change)
from step s
cross join lateral (values (s.now_days, 1), (s.before_days, -1)) as d (days, change)
where d.days is not null and (s.before_days is null or s.now_days > s.before_days)
group by s.cell_id, s.opened_on, series_slot(s.month) - series_slot(s.opened_on), d.days
having sum(s.sign * d.change) <> 0
