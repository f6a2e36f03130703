-- Adds the repayments that the delivery added to the counts of institutions' months: each lies in its loan's life.
insert into institution_month (institution_id, month, alive_reported, reported, overdue, days)
select institution_id, month, sum(added), sum(added), sum(overdue), sum(days)
from delivered_month
where kind = 'repayments'
group by institution_id, month
having sum(added) <> 0 or sum(overdue) <> 0 or sum(days) <> 0
order by institution_id, month
on conflict (institution_id, month) do update
set alive_reported = institution_month.alive_reported + excluded.alive_reported,
    reported = institution_month.reported + excluded.reported,
    overdue = institution_month.overdue + excluded.overdue,
    days = institution_month.days + excluded.days
