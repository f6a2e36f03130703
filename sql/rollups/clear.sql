-- Empties the rollups; cells, blocks and which belongs to which stay. Not with truncate, for which readers would wait.
with months as (delete from portfolio_month),
moves as (delete from portfolio_move),
cohorts as (delete from portfolio_cohort),
agings as (delete from portfolio_aging),
openings as (delete from portfolio_opening),
borrowers as (delete from portfolio_borrower),
openers as (delete from portfolio_opener),
facts as (delete from portfolio_fact),
presences as (delete from portfolio_presence),
holders as (delete from portfolio_holder),
shares as (delete from portfolio_share)
delete from portfolio_turn
