-- The code of the member with the most loans, for a demo.
select i.code
from institution i
join loan l on l.institution_id = i.id
group by i.code
order by count(*) desc, i.code
limit 1
