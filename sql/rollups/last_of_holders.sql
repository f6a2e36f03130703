-- The last month at whose end lenders of borrowers are kept; null where none are.
select max(month) as last from portfolio_holder where block_id = portfolio_market()
