-- How much the platform holds of what no question bounds, and the horizon: one row.
-- -> MarketRow
select
    (select count(*) from institution)::integer as institutions,
    (select count(distinct product) from portfolio_cell)::integer as products,
    (select (max(month) + interval '1 month')::date from reported_month) as horizon
