-- Empties the facts.
delete from portfolio_fact
