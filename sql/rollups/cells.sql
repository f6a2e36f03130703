-- The cells, with their institutions.
select id, institution_id from portfolio_cell order by id
