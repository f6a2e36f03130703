-- What the figures of the portfolio are added up from, kept by the loads, so that no answer reads the rows.
--
-- A cell is one institution's loans of one product: every filter and grouping picks cells. Loans and amounts add up
-- over cells; distinct borrowers do not, so they are counted by the set of cells in which they are. A contribution is
-- what some borrowers add to a rollup: a load takes theirs out before it merges, and puts them in again afterwards.

create table portfolio_cell (
    id integer generated always as identity primary key,
    institution_id integer not null references institution,
    product text collate "C" not null,
    unique (institution_id, product)
);
comment on table portfolio_cell is 'One institution''s loans of one product.';

-- No foreign keys to the cells below: a trigger a row would cost a load more than the sums themselves, and no cell goes.

create table portfolio_month (
    month date not null,
    cell_id integer not null,
    bucket smallint not null,
    loans bigint not null,
    balance numeric not null,
    overdue_amount numeric not null,
    primary key (cell_id, month, bucket)
);
comment on table portfolio_month is
    'A month''s population (loans reported with balance or overdue amount > 0) by cell and bucket, 0 to 7.';

create table portfolio_borrower (
    month date not null,
    cells integer[] not null,
    borrowers bigint not null,
    primary key (month, cells)
);
comment on table portfolio_borrower is 'Borrowers of a month''s population, by the set of cells, in order, they are in.';

create table portfolio_move (
    month date not null,
    cell_id integer not null,
    from_bucket smallint not null,
    to_bucket smallint,
    loans bigint not null,
    unique nulls not distinct (cell_id, month, from_bucket, to_bucket)
);
comment on table portfolio_move is 'Loans reported in a month, by bucket then and in the next; null: not reported there.';

-- Cohorts are kept by month of opening (grain M) and by day (grain D), for windows that cut a month.
create table portfolio_cohort (
    grain "char" not null,
    opened date not null,
    cell_id integer not null,
    loans bigint not null,
    principal numeric not null,
    primary key (grain, cell_id, opened)
);
comment on table portfolio_cohort is 'Loans by when they were opened.';

create table portfolio_age (
    grain "char" not null,
    opened date not null,
    cell_id integer not null,
    month_on_book integer not null,
    loans bigint not null,
    primary key (grain, cell_id, opened, month_on_book)
);
comment on table portfolio_age is 'How many loans of a cohort are reported at a month on book; 0 is the month of opening.';

create table portfolio_rise (
    grain "char" not null,
    opened date not null,
    cell_id integer not null,
    month_on_book integer not null,
    days_past_due integer not null,
    change bigint not null,
    primary key (grain, cell_id, opened, month_on_book, days_past_due)
);
comment on table portfolio_rise is
    'How many loans more have so many days past due for the most they ever had from a month on book on than before it.';

create table portfolio_opener (
    month date not null,
    cells integer[] not null,
    borrowers bigint not null,
    primary key (month, cells)
);
comment on table portfolio_opener is 'Borrowers who opened loans in a month, by the set of cells, in order, of those.';

create table portfolio_lender (
    grain "char" not null,
    since date not null,
    alive integer[] not null,
    over_30 integer[] not null,
    change bigint not null,
    primary key (grain, since, alive, over_30)
);
comment on table portfolio_lender is
    'How many borrowers more have loans alive in just these cells, and reported over 30 days past due in the month in '
    'those, from a day on (grain D), or at a month''s end than at the end of the month before (grain M).';

create table portfolio_fact (
    basis text not null,
    month date not null,
    institution_kind text,
    product text collate "C",
    borrowers bigint not null,
    institutions integer[] not null,
    unique nulls not distinct (basis, month, institution_kind, product)
);
comment on table portfolio_fact is
    'Borrowers and institutions of a month''s population (REPORTED), of all that is reported of it (MOVED; borrowers of '
    'the population) or of the loans opened in it (OPENED): of all, of each kind, each product and each product of a '
    'kind. What may be published is decided by it.';

-- The contributions read temporary tables: touched_borrower (borrower_id) and touched_month (borrower_id, month) hold the
-- borrowers, and their months, that count, and touched_report the reports of these months. They are made by who calls;
-- hence text bodies.
set local check_function_bodies = off;

create function portfolio_bucket(days_past_due integer) returns smallint
language sql immutable parallel safe
return least((days_past_due::bigint + 29) / 30, 7)::smallint;
comment on function portfolio_bucket is 'The bucket of days past due: 0 for none, 1 for 1-30, … 7 for over 180.';

create function reported_span() returns table (first date, last date)
language sql stable
begin atomic
    select min(month), max(month) from reported_month;
end;
comment on function reported_span is 'The first and the last month reported: bounds for the hypertables.';

create function portfolio_grains(day date) returns table (grain "char", opened date)
language sql immutable parallel safe
begin atomic
    select 'D'::"char", day
    union all
    select 'M'::"char", date_trunc('month', day)::date;
end;
comment on function portfolio_grains is 'A day as it is kept twice: as itself, and as its month.';

create function months_contribution()
returns table (month date, cell_id integer, bucket smallint, loans bigint, balance numeric, overdue_amount numeric)
language sql as $$
    select r.month, r.cell_id, portfolio_bucket(r.days_past_due), count(*), sum(r.balance), sum(r.overdue_amount)
    from touched_report r
    where r.balance > 0 or r.overdue_amount > 0
    group by r.month, r.cell_id, portfolio_bucket(r.days_past_due)
$$;

create function borrowers_contribution()
returns table (month date, cells integer[], borrowers bigint)
language sql as $$
    select month, cells, count(*)
    from (
        select r.borrower_id, r.month, array_agg(distinct r.cell_id order by r.cell_id) as cells
        from touched_report r
        where r.balance > 0 or r.overdue_amount > 0
        group by r.borrower_id, r.month
    ) as borrower
    group by month, cells
$$;

-- A touched month is the second of a pair, and the first of another.
create function moves_contribution(first date, last date)
returns table (month date, cell_id integer, from_bucket smallint, to_bucket smallint, loans bigint)
language sql as $$
    with wanted as (
        select borrower_id, month, bool_or(begins) as begins
        from (
            select borrower_id, month, true as begins from touched_month
            union all
            select borrower_id, (month - interval '1 month')::date, true from touched_month
            union all
            select borrower_id, (month + interval '1 month')::date, false from touched_month
        ) as near
        group by borrower_id, month
    ),
    reported as (
        select
            r.month, c.id as cell_id, r.days_past_due, w.begins,
            lead(r.month) over later as later_month, lead(r.days_past_due) over later as later_days
        from wanted w
        join loan l on l.borrower_id = w.borrower_id
        join repayment r on r.loan_id = l.id and r.month = w.month and r.month between first - 31 and last + 31
        join portfolio_cell c on c.institution_id = l.institution_id and c.product = l.product
        window later as (partition by l.id order by r.month)
    )
    select
        month, cell_id, portfolio_bucket(days_past_due) as from_bucket,
        case
            when later_month = (month + interval '1 month')::date then portfolio_bucket(later_days)
        end as to_bucket,
        count(*)
    from reported
    where begins
    group by month, cell_id, from_bucket, to_bucket
$$;

create function ages_contribution()
returns table (opened_on date, cell_id integer, month_on_book integer, loans bigint)
language sql as $$
    select
        r.opened_on, r.cell_id,
        (extract(year from r.month)::integer - extract(year from r.opened_on)::integer) * 12
            + extract(month from r.month)::integer - extract(month from r.opened_on)::integer as month_on_book,
        count(*)
    from touched_report r
    group by r.opened_on, r.cell_id, month_on_book
$$;

create function cohorts_contribution()
returns table (opened_on date, cell_id integer, loans bigint, principal numeric)
language sql as $$
    select l.opened_on, c.id, count(*), sum(l.principal)
    from touched_borrower t
    join loan l on l.borrower_id = t.borrower_id
    join portfolio_cell c on c.institution_id = l.institution_id and c.product = l.product
    group by l.opened_on, c.id
$$;

create function openers_contribution()
returns table (month date, cells integer[], borrowers bigint)
language sql as $$
    select month, cells, count(*)
    from (
        select
            l.borrower_id, date_trunc('month', l.opened_on)::date as month,
            array_agg(distinct c.id order by c.id) as cells
        from touched_borrower t
        join loan l on l.borrower_id = t.borrower_id
        join portfolio_cell c on c.institution_id = l.institution_id and c.product = l.product
        group by l.borrower_id, date_trunc('month', l.opened_on)
    ) as borrower
    group by month, cells
$$;

-- A loan's most days past due so far rises step by step: at each step one loan more has the new number, and one less
-- the old one, but for none, which is over no threshold.
create function rises_contribution()
returns table (opened_on date, cell_id integer, month_on_book integer, days_past_due integer, change bigint)
language sql as $$
    with step as (
        select
            l.opened_on, c.id as cell_id, r.month, r.days_past_due as now_days,
            max(r.days_past_due) over (
                partition by l.id order by r.month rows between unbounded preceding and 1 preceding
            ) as before_days
        from touched_borrower t
        join loan l on l.borrower_id = t.borrower_id
        join repayment r on r.loan_id = l.id and r.days_past_due > 0
        join portfolio_cell c on c.institution_id = l.institution_id and c.product = l.product
    )
    select
        s.opened_on, s.cell_id,
        (extract(year from s.month)::integer - extract(year from s.opened_on)::integer) * 12
            + extract(month from s.month)::integer - extract(month from s.opened_on)::integer as month_on_book,
        d.days, sum(d.change)::bigint
    from step s
    cross join lateral (values (s.now_days, 1), (s.before_days, -1)) as d (days, change)
    where d.days is not null and (s.before_days is null or s.now_days > s.before_days)
    group by s.opened_on, s.cell_id, month_on_book, d.days
$$;

-- A borrower's state on a day: the cells of the loans alive, and of those over 30 days past due in its month. It
-- changes on the days on which one of these begins or has ended. Who has no loan alive has no state.
create function lenders_contribution()
returns table (since date, alive integer[], over_30 integer[], change bigint)
language sql as $$
    with part as (
        select l.borrower_id, c.id as cell_id, l.opened_on as start_on, l.closed_on + 1 as end_on, false as late
        from touched_borrower t
        join loan l on l.borrower_id = t.borrower_id
        join portfolio_cell c on c.institution_id = l.institution_id and c.product = l.product
        union all
        select l.borrower_id, c.id, r.month, (r.month + interval '1 month')::date, true
        from touched_borrower t
        join loan l on l.borrower_id = t.borrower_id
        join repayment r on r.loan_id = l.id and r.days_past_due > 30
        join portfolio_cell c on c.institution_id = l.institution_id and c.product = l.product
    ),
    turn as (
        select borrower_id, start_on as on_day from part
        union
        select borrower_id, end_on from part where end_on is not null
    ),
    state as (
        select
            n.borrower_id, n.on_day,
            coalesce(array_agg(distinct p.cell_id order by p.cell_id) filter (where not p.late), '{}') as alive,
            coalesce(array_agg(distinct p.cell_id order by p.cell_id) filter (where p.late), '{}') as over_30
        from turn n
        left join part p
            on p.borrower_id = n.borrower_id and p.start_on <= n.on_day and (p.end_on is null or n.on_day < p.end_on)
        group by n.borrower_id, n.on_day
    ),
    step as (
        select
            on_day, alive, over_30,
            lag(alive) over before_it as alive_before, lag(over_30) over before_it as over_30_before
        from state
        window before_it as (partition by borrower_id order by on_day)
    )
    select s.on_day, d.alive, d.over_30, sum(d.change)::bigint
    from step s
    cross join lateral (
        values (s.alive, s.over_30, 1), (s.alive_before, s.over_30_before, -1)
    ) as d (alive, over_30, change)
    where d.alive <> '{}'
    group by s.on_day, d.alive, d.over_30
    having sum(d.change) <> 0
$$;

-- The facts of months, from the rollups.
create function portfolio_facts(asked_basis text, months date[])
returns table (month date, institution_kind text, product text, borrowers bigint, institutions integer[])
language sql stable as $$
    with held as (
        select b.month, b.cells, b.borrowers
        from portfolio_borrower b where asked_basis in ('REPORTED', 'MOVED') and b.month = any (months)
        union all
        select o.month, o.cells, o.borrowers
        from portfolio_opener o where asked_basis = 'OPENED' and o.month = any (months)
    ),
    belongs as (
        select cells, kind, product
        from (
            select s.cells, i.kind, c.product
            from (select distinct cells from held) s
            cross join unnest(s.cells) as u (cell_id)
            join portfolio_cell c on c.id = u.cell_id
            join institution i on i.id = c.institution_id
        ) as member
        group by grouping sets ((cells), (cells, kind), (cells, product), (cells, kind, product))
    ),
    counted as (
        select h.month, b.kind, b.product, sum(h.borrowers)::bigint as borrowers
        from held h
        join belongs b on b.cells = h.cells
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

-- The rollups of what is held already.
create temporary table touched_borrower on commit drop as select id as borrower_id from borrower;
create temporary table touched_month on commit drop as
select distinct l.borrower_id, r.month from repayment r join loan l on l.id = r.loan_id;
analyze touched_borrower, touched_month;
insert into portfolio_cell (institution_id, product)
select distinct institution_id, product from loan order by institution_id, product;
create temporary table touched_report on commit drop as
select l.borrower_id, c.id as cell_id, l.opened_on, r.month, r.days_past_due, r.balance, r.overdue_amount
from loan l
join repayment r on r.loan_id = l.id
join portfolio_cell c on c.institution_id = l.institution_id and c.product = l.product;
analyze touched_report;
insert into portfolio_month
select c.month, c.cell_id, c.bucket, c.loans, c.balance, c.overdue_amount from months_contribution() c;
insert into portfolio_borrower
select c.month, c.cells, c.borrowers from borrowers_contribution() c;
insert into portfolio_move
select c.* from reported_span() s cross join lateral moves_contribution(s.first, s.last) c;
insert into portfolio_age
select g.grain, g.opened, c.cell_id, c.month_on_book, sum(c.loans)
from ages_contribution() c
cross join lateral portfolio_grains(c.opened_on) g
group by g.grain, g.opened, c.cell_id, c.month_on_book;
insert into portfolio_cohort
select g.grain, g.opened, c.cell_id, sum(c.loans), sum(c.principal)
from cohorts_contribution() c cross join lateral portfolio_grains(c.opened_on) g
group by g.grain, g.opened, c.cell_id;
insert into portfolio_opener
select month, cells, borrowers from openers_contribution();
insert into portfolio_rise
select g.grain, g.opened, c.cell_id, c.month_on_book, c.days_past_due, sum(c.change)
from rises_contribution() c cross join lateral portfolio_grains(c.opened_on) g
group by g.grain, g.opened, c.cell_id, c.month_on_book, c.days_past_due
having sum(c.change) <> 0;
insert into portfolio_lender
select g.grain, g.opened, c.alive, c.over_30, sum(c.change)
from lenders_contribution() c cross join lateral portfolio_grains(c.since) g
group by g.grain, g.opened, c.alive, c.over_30
having sum(c.change) <> 0;
insert into portfolio_fact
select basis, f.month, f.institution_kind, f.product, f.borrowers, f.institutions
from (values ('REPORTED'), ('MOVED'), ('OPENED')) as b (basis)
cross join lateral portfolio_facts(
    b.basis, array(select month from portfolio_move union select month from portfolio_opener)
) f;

grant select on
    portfolio_cell, portfolio_month, portfolio_borrower, portfolio_move, portfolio_cohort, portfolio_age,
    portfolio_rise, portfolio_opener, portfolio_lender, portfolio_fact
to borrowgraph_reader;
