-- Notes the months that the delivery reports on, and lowers the instant from which a month is known where the
-- delivery has an older report of it.
insert into reported_month (month, first_reported_at)
select month, min(first_reported_at)
from delivered_month
where kind = 'repayments' and rows > 0
group by month
on conflict (month) do update
set first_reported_at = excluded.first_reported_at
where excluded.first_reported_at < reported_month.first_reported_at
