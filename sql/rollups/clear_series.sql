-- Empties the packed series of loans.
delete from loan_series
