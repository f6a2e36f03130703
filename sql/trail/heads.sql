-- The head of each lane of the inquiry log, by lane.
-- -> HeadRow
select lane, entries, hash from inquiry_chain order by lane
