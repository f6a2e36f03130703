-- The first and the last delivered month; null where none was delivered.
select min(month) as first, max(month) as last from delivered_repayment
