-- Which blocks cells belong to.
select cell_id, block_id from portfolio_member order by cell_id, block_id
