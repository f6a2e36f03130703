-- Adds what the delivery added to what the platform holds, and gives how many rows it holds now.
-- $1 bigint borrowers
-- $2 bigint loans
-- $3 bigint repayments
-- $4 integer institutions
update coverage
set borrowers = borrowers + $1,
    loans = loans + $2,
    repayments = repayments + $3,
    institutions = institutions + $4
returning borrowers + loans + repayments + institutions as held
