-- The newest delivery that changed anything: one row, or none where nothing was loaded.
-- -> VersionRow
select id as delivery, digest
from delivery
where state = 'LOADED'
order by id desc
limit 1
