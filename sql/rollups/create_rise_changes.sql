-- Makes the temporary table of what changes of the rises of days past due.
create temporary table rise_change (like portfolio_rise) on commit drop
