-- Where each lane of the inquiry log ends, by lane: how many entries it has, and the hash of the last one.
select lane, entries, hash
from inquiry_chain
order by lane
