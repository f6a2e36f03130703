-- The earliest and the latest delivered instant of an inquiry; null where none was delivered.
select min(inquired_at) as first, max(inquired_at) as last from delivered_inquiry
