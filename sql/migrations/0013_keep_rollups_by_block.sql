-- The rollups by block, so that what is asked most is a few rows, whoever the members are and however many people borrow;
-- and in forms that cost a load less. What was kept is converted: no row of a loan or a month is read.
--
-- A block is all of the market's loans, or those of a kind of institution, of a product, of a product of a kind, of an
-- institution, or of a product of an institution, which is a cell. Sums are kept of every block; borrowers are counted of
-- every block, since they do not add up.

-- A cell's kind is its institution's as the rollups have it: a load that corrects it takes the cell's sums out of the
-- blocks of the old kind first.
alter table portfolio_cell add column institution_kind text;
update portfolio_cell c set institution_kind = i.kind from institution i where i.id = c.institution_id;
alter table portfolio_cell alter column institution_kind set not null;

create table portfolio_block (
    id integer generated always as identity primary key,
    institution_kind text,
    product text collate "C",
    institution_id integer references institution,
    unique nulls not distinct (institution_kind, product, institution_id),
    constraint portfolio_block_one check (institution_kind is null or institution_id is null)
);
comment on table portfolio_block is
    'What is added up of the market: everything, a kind, a product, a product of a kind, an institution, or a product of '
    'an institution; null does not restrict.';
insert into portfolio_block (institution_kind, product, institution_id) values (null, null, null);
insert into portfolio_block (institution_kind, product, institution_id)
select distinct b.institution_kind, p.product, b.institution_id
from portfolio_cell c
cross join lateral (values (null, null), (c.institution_kind, null), (null, c.institution_id))
    as b (institution_kind, institution_id)
cross join lateral (values (null), (c.product)) as p (product)
where (b.institution_kind, p.product, b.institution_id) is distinct from (null, null, null)
order by b.institution_kind nulls first, p.product nulls first, b.institution_id nulls first;

create function portfolio_market() returns integer
language sql stable
begin atomic
    select id from portfolio_block where institution_kind is null and product is null and institution_id is null;
end;
comment on function portfolio_market is 'The block that is everything.';

create function portfolio_block_name(block integer) returns text
language sql stable
begin atomic
    select coalesce(
        nullif(concat_ws(', ', 'kind ' || b.institution_kind, 'product ' || b.product, 'institution ' || i.code), ''),
        'everything'
    )
    from portfolio_block b left join institution i on i.id = b.institution_id
    where b.id = block;
end;
comment on function portfolio_block_name is 'A block as people call it, for messages.';

create table portfolio_member (
    cell_id integer not null references portfolio_cell,
    block_id integer not null references portfolio_block,
    primary key (cell_id, block_id)
);
comment on table portfolio_member is 'The six blocks to which a cell''s loans belong.';
insert into portfolio_member (cell_id, block_id)
select c.id, b.id
from portfolio_cell c
join portfolio_block b
    on coalesce(b.institution_kind, c.institution_kind) = c.institution_kind
    and coalesce(b.product, c.product) = c.product
    and coalesce(b.institution_id, c.institution_id) = c.institution_id;

-- No foreign keys to the blocks below: a trigger a row would cost a load more than the sums themselves, and no block goes.

create temporary table former_month on commit drop as
select cell_id, month, bucket, loans, balance, overdue_amount from portfolio_month;
drop table portfolio_month;
create table portfolio_month (
    block_id integer not null,
    month date not null,
    bucket smallint not null,
    loans bigint not null,
    balance numeric not null,
    overdue_amount numeric not null,
    primary key (block_id, month, bucket)
);
comment on table portfolio_month is
    'A month''s population (loans reported with balance or overdue amount > 0) by block and bucket, 0 to 7.';
insert into portfolio_month
select b.block_id, m.month, m.bucket, sum(m.loans), sum(m.balance), sum(m.overdue_amount)
from former_month m
join portfolio_member b on b.cell_id = m.cell_id
group by b.block_id, m.month, m.bucket;

create temporary table former_move on commit drop as
select cell_id, month, from_bucket, to_bucket, loans from portfolio_move;
drop table portfolio_move;
create table portfolio_move (
    block_id integer not null,
    month date not null,
    from_bucket smallint not null,
    to_bucket smallint,
    loans bigint not null,
    unique nulls not distinct (block_id, month, from_bucket, to_bucket)
);
comment on table portfolio_move is 'Loans reported in a month, by bucket then and in the next; null: not reported there.';
insert into portfolio_move
select b.block_id, m.month, m.from_bucket, m.to_bucket, sum(m.loans)
from former_move m
join portfolio_member b on b.cell_id = m.cell_id
group by b.block_id, m.month, m.from_bucket, m.to_bucket;

-- What a cohort's months on book are like is kept as what changes from one to the next, exactly and by day of opening in
-- one row of arrays; by block and month of opening with the buckets alone, which is what dashboards ask.
create table portfolio_opening (
    cell_id integer not null,
    opened date not null,
    loans bigint not null,
    principal numeric not null,
    ages smallint[] not null,
    days integer[] not null,
    changes bigint[] not null,
    primary key (cell_id, opened)
);
comment on table portfolio_opening is
    'The loans opened on a day: how many more than at the month on book before, here `ages`, have so many days past due, '
    'here `days`, for the most they ever had; or are reported, where `days` is -1.';
insert into portfolio_opening
select
    k.cell_id, k.opened, k.loans, k.principal, coalesce(s.ages, '{}'), coalesce(s.days, '{}'), coalesce(s.changes, '{}')
from portfolio_cohort k
left join (
    select
        cell_id, opened, array_agg(age::smallint order by age, days) as ages, array_agg(days order by age, days) as days,
        array_agg(change order by age, days) as changes
    from (
        select a.cell_id, a.opened, a.month_on_book + n.later as age, -1 as days, sum(a.loans * n.sign)::bigint as change
        from portfolio_age a
        cross join (values (0, 1), (1, -1)) as n (later, sign)
        where a.grain = 'D'
        group by a.cell_id, a.opened, a.month_on_book + n.later
        having sum(a.loans * n.sign) <> 0
        union all
        select cell_id, opened, month_on_book, days_past_due, change
        from portfolio_rise where grain = 'D'
    ) as step
    group by cell_id, opened
) as s on s.cell_id = k.cell_id and s.opened = k.opened
where k.grain = 'D';

create table portfolio_aging (
    block_id integer not null,
    opened date not null,
    month_on_book smallint not null,
    step smallint not null,
    change bigint not null,
    primary key (block_id, opened, month_on_book, step)
);
comment on table portfolio_aging is
    'The loans opened in a month: how many more than at the month on book before are in so bad a bucket, here `step`, for '
    'the worst they ever were; or are reported, where `step` is -1.';
insert into portfolio_aging
select b.block_id, s.opened, s.age, s.step, sum(s.change)
from (
    select
        o.cell_id, date_trunc('month', o.opened)::date as opened, u.age,
        case when u.days < 0 then -1 else portfolio_bucket(u.days) end as step, sum(u.change) as change
    from portfolio_opening o
    cross join unnest(o.ages, o.days, o.changes) as u (age, days, change)
    group by 1, 2, 3, 4
) as s
join portfolio_member b on b.cell_id = s.cell_id
group by b.block_id, s.opened, s.age, s.step
having sum(s.change) <> 0;
drop table portfolio_age, portfolio_rise, portfolio_cohort;

create table portfolio_cohort (
    block_id integer not null,
    opened date not null,
    loans bigint not null,
    principal numeric not null,
    primary key (block_id, opened)
);
comment on table portfolio_cohort is 'Loans by the month in which they were opened.';
insert into portfolio_cohort
select b.block_id, date_trunc('month', o.opened), sum(o.loans), sum(o.principal)
from portfolio_opening o
join portfolio_member b on b.cell_id = o.cell_id
group by b.block_id, date_trunc('month', o.opened);

comment on table portfolio_borrower is
    'Borrowers of a month''s population, by the set of cells, in order, they are in: for groups that are no block.';

-- How many borrowers, and which institutions, are two tables: the first is a sum that loads add to.
drop table portfolio_fact;
create table portfolio_fact (
    basis text not null,
    block_id integer not null,
    month date not null,
    borrowers bigint not null,
    primary key (basis, block_id, month)
);
comment on table portfolio_fact is
    'Borrowers of a month''s population (REPORTED), and of the loans opened in it (OPENED), by block.';
-- Each set of cells once, and the blocks that it has cells of, with how many institutions.
create temporary table state_change on commit drop as
select since as month, alive, over_30, change from portfolio_lender where grain = 'M';
create temporary table cell_set on commit drop as
select (row_number() over ())::integer as number, s.cells
from (
    select cells from portfolio_borrower
    union
    select cells from portfolio_opener
    union
    select alive from state_change
    union
    select over_30 from state_change
) as s;
analyze cell_set, state_change;
create temporary table set_block on commit drop as
select s.number, b.block_id, count(distinct c.institution_id)::integer as lenders
from cell_set s
cross join unnest(s.cells) as u (cell_id)
join portfolio_cell c on c.id = u.cell_id
join portfolio_member b on b.cell_id = c.id
group by s.number, b.block_id;
analyze set_block;
insert into portfolio_fact
select h.basis, b.block_id, h.month, sum(h.borrowers)
from (
    select 'REPORTED' as basis, month, cells, borrowers from portfolio_borrower
    union all
    select 'OPENED', month, cells, borrowers from portfolio_opener
) as h
join cell_set s on s.cells = h.cells
join set_block b on b.number = s.number
group by h.basis, b.block_id, h.month;

create table portfolio_presence (
    basis text not null,
    block_id integer not null,
    month date not null,
    institutions integer[] not null,
    primary key (basis, block_id, month)
);
comment on table portfolio_presence is
    'Institutions of a month''s population (REPORTED), of all that is reported of it (MOVED) or of the loans opened in it '
    '(OPENED), in order, by block, of those that are no institution''s. With the borrowers it decides what is published.';

drop function portfolio_facts(text, date[]);
create function portfolio_presences(asked_basis text, months date[])
returns table (block_id integer, month date, institutions integer[])
language sql stable
begin atomic
    with present as (
        select m.block_id, m.month
        from portfolio_month m where asked_basis = 'REPORTED' and m.month = any (months) and m.loans <> 0
        union
        select m.block_id, m.month
        from portfolio_move m where asked_basis = 'MOVED' and m.month = any (months) and m.loans <> 0
        union
        select k.block_id, k.opened
        from portfolio_cohort k where asked_basis = 'OPENED' and k.opened = any (months) and k.loans <> 0
    )
    select w.id, p.month, array_agg(distinct c.institution_id order by c.institution_id)
    from present p
    join portfolio_block o on o.id = p.block_id and o.product is not null
    join portfolio_cell c on c.institution_id = o.institution_id and c.product = o.product
    join portfolio_member m on m.cell_id = c.id
    join portfolio_block w on w.id = m.block_id and w.institution_id is null
    group by w.id, p.month;
end;
comment on function portfolio_presences is 'The institutions present in the months of a span, from the other rollups.';
insert into portfolio_presence
select b.basis, p.block_id, p.month, p.institutions
from (values ('REPORTED'), ('MOVED'), ('OPENED')) as b (basis)
cross join lateral portfolio_presences(
    b.basis, array(select month from portfolio_move union select opened from portfolio_cohort)
) p;

-- Lenders per borrower: how many stand at each month's end, of every block; and of the whole market what changes on each
-- day, for windows that cut a month.
create temporary table former_holder on commit drop as
select grain, since, lenders, institution_id, change, over_30 from portfolio_holder;
create temporary table holder_change on commit drop as
select
    b.block_id, k.month, b.lenders, sum(k.change)::bigint as borrowers,
    coalesce(sum(k.change) filter (where l.block_id is not null), 0)::bigint as over_30
from state_change k
join cell_set a on a.cells = k.alive
join set_block b on b.number = a.number
join cell_set o on o.cells = k.over_30
left join set_block l on l.number = o.number and l.block_id = b.block_id
group by b.block_id, k.month, b.lenders;
analyze former_holder, holder_change;
drop table portfolio_holder, portfolio_lender;

create table portfolio_holder (
    block_id integer not null,
    month date not null,
    lenders integer not null,
    borrowers bigint not null,
    over_30 bigint not null,
    institutions integer not null default 0,
    primary key (block_id, month, lenders)
);
comment on table portfolio_holder is
    'Borrowers by how many institutions they have loans alive from at a month''s end, of a block; how many of them have one '
    'of the block reported over 30 days past due in the month; and, of the whole market, how many institutions those '
    'are. Each month from the first to the last one at which anything changed has its rows, that of one lender of the '
    'whole market also where it says 0; later months are as the last.';
create table portfolio_share (
    month date not null,
    lenders integer not null,
    institution_id integer not null,
    borrowers bigint not null,
    primary key (month, lenders, institution_id)
);
comment on table portfolio_share is 'Of the whole market''s rows of portfolio_holder, the borrowers of each institution.';
create table portfolio_turn (
    since date primary key,
    lenders integer[] not null,
    institutions integer[] not null,
    changes bigint[] not null,
    over_30 bigint[] not null
);
comment on table portfolio_turn is
    'How many borrowers more than on the day before have loans alive from so many institutions, of which this is one; all '
    'such borrowers where it is 0, and of these how many more over 30 days past due.';

insert into portfolio_holder (block_id, month, lenders, borrowers, over_30)
select block_id, month, lenders, borrowers, over_30
from (
    select
        k.block_id, s.month::date, k.lenders, sum(coalesce(c.borrowers, 0)) over so_far as borrowers,
        sum(coalesce(c.over_30, 0)) over so_far as over_30
    from (select distinct block_id, lenders from holder_change union select 1, 1 from holder_change) k
    cross join generate_series(
        (select min(month) from holder_change)::timestamp, (select max(month) from holder_change), interval '1 month'
    ) as s (month)
    left join holder_change c on c.block_id = k.block_id and c.lenders = k.lenders and c.month = s.month
    window so_far as (partition by k.block_id, k.lenders order by s.month)
) as standing
where borrowers <> 0 or over_30 <> 0 or (block_id, lenders) = (1, 1);
insert into portfolio_share (month, lenders, institution_id, borrowers)
select month, lenders, institution_id, borrowers
from (
    select
        s.month::date, k.lenders, k.institution_id,
        sum(coalesce(c.change, 0)) over (partition by k.lenders, k.institution_id order by s.month) as borrowers
    from (
        select distinct lenders, institution_id from former_holder where grain = 'M' and institution_id is not null
    ) k
    cross join generate_series(
        (select min(month) from holder_change)::timestamp, (select max(month) from holder_change), interval '1 month'
    ) as s (month)
    left join former_holder c
        on c.grain = 'M' and c.lenders = k.lenders and c.institution_id = k.institution_id and c.since = s.month
) as standing
where borrowers <> 0;
update portfolio_holder h
set institutions = s.institutions
from (select month, lenders, count(*) as institutions from portfolio_share group by month, lenders) s
where h.block_id = 1 and s.month = h.month and s.lenders = h.lenders;
insert into portfolio_turn
select
    since, array_agg(lenders order by lenders, institution_id nulls first),
    array_agg(coalesce(institution_id, 0) order by lenders, institution_id nulls first),
    array_agg(change order by lenders, institution_id nulls first),
    array_agg(case when institution_id is null then over_30 else 0 end order by lenders, institution_id nulls first)
from former_holder
where grain = 'D'
    and (change <> 0 or (institution_id is null and over_30 <> 0))
group by since;

-- What was counted by functions is counted by statements of the loads.
drop function months_contribution(), borrowers_contribution(), moves_contribution(), ages_contribution(),
    cohorts_contribution(), openers_contribution(), rises_contribution(), lenders_contribution(), portfolio_grains(date);

grant select on
    portfolio_block, portfolio_member, portfolio_month, portfolio_move, portfolio_opening, portfolio_aging,
    portfolio_cohort, portfolio_fact, portfolio_presence, portfolio_holder, portfolio_share, portfolio_turn
to borrowgraph_reader;
