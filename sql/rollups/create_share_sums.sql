-- Makes the temporary table of what changes of each institution's borrowers by number of lenders, added up.
create temporary table share_sum (like portfolio_share) on commit drop
