-- Makes the temporary table of what changes of the months' populations.
create temporary table month_change (like portfolio_month) on commit drop
