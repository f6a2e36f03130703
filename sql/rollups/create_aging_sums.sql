-- Makes the temporary table of what changes of what cohorts are like at their months on book, added up.
create temporary table aging_sum (like portfolio_aging) on commit drop
