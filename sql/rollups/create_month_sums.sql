-- Makes the temporary table of what changes of the months' populations, added up.
create temporary table month_sum (like portfolio_month) on commit drop
