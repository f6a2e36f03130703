-- Makes the temporary table of what changes of the loans reported by month on book.
create temporary table age_change (like portfolio_age) on commit drop
