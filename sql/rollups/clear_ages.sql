-- Empties the loans reported by month on book.
delete from portfolio_age
