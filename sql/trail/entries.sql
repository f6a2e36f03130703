-- Every entry of the inquiry log as its hash covers it, by lane and place.
-- -> EntryRow
select l.lane, l.place, inquiry_entry(l) as text, l.previous, l.hash
from inquiry_log l
order by l.lane, l.place, l.id
