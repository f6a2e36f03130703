-- Lenders per borrower of the whole market in a rollup that does not grow with the borrowers, and contributions that read
-- each report of the touched borrowers once.

create table portfolio_holder (
    grain "char" not null,
    since date not null,
    lenders integer not null,
    institution_id integer,
    change bigint not null,
    over_30 bigint not null,
    unique nulls not distinct (grain, since, lenders, institution_id)
);
comment on table portfolio_holder is
    'How many borrowers more, and how many more of them over 30 days past due, have loans alive from so many '
    'institutions, of which this is one (all such borrowers where it is null); from a day or a month''s end on, as in '
    'portfolio_lender, of which it is the sum.';

-- The contributions read temporary tables that are made by who calls, hence text bodies: touched_borrower (borrower_id)
-- holds the borrowers whose loans count, touched_span (borrower_id, first, last) those of whom months count, and
-- touched_report the reports of these months (touched) and of the month before and after each span; all but the last one
-- begin a move.
set local check_function_bodies = off;

create or replace function months_contribution()
returns table (month date, cell_id integer, bucket smallint, loans bigint, balance numeric, overdue_amount numeric)
language sql as $$
    select r.month, r.cell_id, portfolio_bucket(r.days_past_due), count(*), sum(r.balance), sum(r.overdue_amount)
    from touched_report r
    where r.touched and (r.balance > 0 or r.overdue_amount > 0)
    group by r.month, r.cell_id, portfolio_bucket(r.days_past_due)
$$;

create or replace function borrowers_contribution()
returns table (month date, cells integer[], borrowers bigint)
language sql as $$
    select month, cells, count(*)
    from (
        select r.borrower_id, r.month, array_agg(distinct r.cell_id order by r.cell_id) as cells
        from touched_report r
        where r.touched and (r.balance > 0 or r.overdue_amount > 0)
        group by r.borrower_id, r.month
    ) as borrower
    group by month, cells
$$;

create or replace function ages_contribution()
returns table (opened_on date, cell_id integer, month_on_book integer, loans bigint)
language sql as $$
    select
        r.opened_on, r.cell_id,
        (extract(year from r.month)::integer - extract(year from r.opened_on)::integer) * 12
            + extract(month from r.month)::integer - extract(month from r.opened_on)::integer as month_on_book,
        count(*)
    from touched_report r
    where r.touched
    group by r.opened_on, r.cell_id, month_on_book
$$;

drop function moves_contribution(date, date);
create function moves_contribution()
returns table (month date, cell_id integer, from_bucket smallint, to_bucket smallint, loans bigint)
language sql as $$
    select
        month, cell_id, portfolio_bucket(days_past_due) as from_bucket,
        case
            when later_month = (month + interval '1 month')::date then portfolio_bucket(later_days)
        end as to_bucket,
        count(*)
    from (
        select
            r.month, r.cell_id, r.days_past_due, r.begins,
            lead(r.month) over later as later_month, lead(r.days_past_due) over later as later_days
        from touched_report r
        window later as (partition by r.loan_id order by r.month)
    ) as reported
    where begins
    group by month, cell_id, from_bucket, to_bucket
$$;

create or replace function portfolio_facts(asked_basis text, months date[])
returns table (month date, institution_kind text, product text, borrowers bigint, institutions integer[])
language sql stable as $$
    with held as (
        select b.month, b.cells, b.borrowers
        from portfolio_borrower b where asked_basis in ('REPORTED', 'MOVED') and b.month = any (months)
        union all
        select o.month, o.cells, o.borrowers
        from portfolio_opener o where asked_basis = 'OPENED' and o.month = any (months)
    ),
    sets as (
        select s.cells, (row_number() over ())::integer as number from (select distinct cells from held) s
    ),
    belongs as (
        select number, kind, product
        from (
            select s.number, i.kind, c.product
            from sets s
            cross join unnest(s.cells) as u (cell_id)
            join portfolio_cell c on c.id = u.cell_id
            join institution i on i.id = c.institution_id
        ) as member
        group by grouping sets ((number), (number, kind), (number, product), (number, kind, product))
    ),
    counted as (
        select h.month, b.kind, b.product, sum(h.borrowers)::bigint as borrowers
        from held h
        join sets s on s.cells = h.cells
        join belongs b on b.number = s.number
        group by h.month, b.kind, b.product
    ),
    present as (
        select p.month, i.kind, c.product, array_agg(distinct i.id order by i.id) as institutions
        from (
            select m.month, m.cell_id
            from portfolio_month m where asked_basis = 'REPORTED' and m.month = any (months)
            union
            select m.month, m.cell_id
            from portfolio_move m where asked_basis = 'MOVED' and m.month = any (months)
            union
            select k.opened, k.cell_id
            from portfolio_cohort k where asked_basis = 'OPENED' and k.grain = 'M' and k.opened = any (months)
        ) p
        join portfolio_cell c on c.id = p.cell_id
        join institution i on i.id = c.institution_id
        group by grouping sets ((p.month), (p.month, i.kind), (p.month, c.product), (p.month, i.kind, c.product))
    )
    select p.month, p.kind, p.product, coalesce(n.borrowers, 0), p.institutions
    from present p
    left join counted n
        on n.month = p.month
        and coalesce(n.kind, '') = coalesce(p.kind, '')
        and coalesce(n.product, '') = coalesce(p.product, '')
$$;

insert into portfolio_holder (grain, since, lenders, institution_id, change, over_30)
with changed as (
    select
        grain, since, alive, sum(change) as change,
        coalesce(sum(change) filter (where over_30 <> '{}'), 0) as over_30
    from portfolio_lender
    group by grain, since, alive
),
held as (
    select s.alive, array_agg(distinct c.institution_id) as institutions
    from (select distinct alive from changed) s
    cross join unnest(s.alive) as u (cell_id)
    join portfolio_cell c on c.id = u.cell_id
    group by s.alive
)
select k.grain, k.since, cardinality(h.institutions), i.institution_id, sum(k.change), sum(k.over_30)
from changed k
join held h on h.alive = k.alive
cross join unnest(array_append(h.institutions, null)) as i (institution_id)
group by k.grain, k.since, cardinality(h.institutions), i.institution_id
having sum(k.change) <> 0 or sum(k.over_30) <> 0;

grant select on portfolio_holder to borrowgraph_reader;
