-- How many rows of each kind of file warnings name.
select kind, count(distinct place) as rows
from delivered_warning
group by kind
order by kind
