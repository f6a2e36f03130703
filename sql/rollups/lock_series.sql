-- Keeps the tables that read_series reads as they are until the transaction ends; others may write rows.
lock table loan, loan_series, portfolio_cell in access share mode
