-- Removes what has become nothing of the loans reported by month on book.
delete from portfolio_age where loans = 0
