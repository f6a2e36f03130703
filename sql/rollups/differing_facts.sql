-- Where the facts that are kept differ from what the rollups say, in order, at most a number; `total` says how many there
-- are.
-- $1 bigint most rows to give
select
    concat_ws(', ', basis, 'month ' || month, 'kind ' || institution_kind, 'product ' || product) as place,
    format(
        'kept: %s borrowers of institutions %s, right: %s of %s',
        kept_borrowers, kept_institutions, right_borrowers, right_institutions
    ) as difference,
    count(*) over () as total
from (
    select
        coalesce(kept.basis, found.basis) as basis, coalesce(kept.month, found.month) as month,
        coalesce(kept.institution_kind, found.institution_kind) as institution_kind,
        coalesce(kept.product, found.product) as product, kept.borrowers as kept_borrowers,
        kept.institutions as kept_institutions, found.borrowers as right_borrowers,
        found.institutions as right_institutions
    from portfolio_fact as kept
    full join (
        select b.basis, f.month, f.institution_kind, f.product, f.borrowers, f.institutions
        from (values ('REPORTED'), ('MOVED'), ('OPENED')) as b (basis)
        cross join lateral portfolio_facts(
            b.basis, array(select month from portfolio_move union select month from portfolio_opener)
        ) as f
    ) as found
        on found.basis = kept.basis
        and found.month = kept.month
        and coalesce(found.institution_kind, '') = coalesce(kept.institution_kind, '')
        and coalesce(found.product, '') = coalesce(kept.product, '')
    where (kept.borrowers, kept.institutions) is distinct from (found.borrowers, found.institutions)
) as compared
order by basis, month, institution_kind, product
limit $1
