-- How many pages the temporary table of the ordinary reports has.
select pg_relation_size('plain_repayment') / current_setting('block_size')::bigint as pages
