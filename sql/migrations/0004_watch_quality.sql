-- Data quality: what became of each delivery's rows by institution and month, what seems wrong and was loaded all the
-- same, and for each institution and month what was expected and when it came.

alter table delivery_count
    add column withheld bigint not null default 0,
    add column warned bigint not null default 0,
    add constraint delivery_count_sum check (
        read = added + corrected + older + unchanged + rejected + withheld
        and least(read, added, corrected, older, unchanged, rejected, withheld, warned) >= 0
    );
comment on table delivery_count is
    'Rows of a delivery by kind of file: read = added + corrected + older + unchanged + rejected + withheld.';
comment on column delivery_count.withheld is 'Rows with nothing wrong in a delivery that was refused: nothing was loaded.';
comment on column delivery_count.warned is 'Loaded rows that a warning names, whichever and however many.';

create table delivery_rule (
    delivery_id bigint not null references delivery,
    warns boolean not null,
    rule text not null,
    rows bigint not null,
    primary key (delivery_id, warns, rule)
);
comment on table delivery_rule is
    'Rows of a delivery by the rule that they break, and are rejected for, or by the warning that names them.';
insert into delivery_rule (delivery_id, warns, rule, rows)
select delivery_id, false, rule, count(distinct (file_number, line)) from delivery_reject group by delivery_id, rule;

create table delivery_warning (
    delivery_id bigint not null,
    file_number integer not null,
    line bigint not null,
    rule text not null,
    got text not null,
    usual text not null,
    primary key (delivery_id, file_number, line, rule),
    foreign key (delivery_id, file_number) references delivery_file
);
comment on table delivery_warning is
    'The first loaded rows of a delivery that a warning names, for each warning; line 0 is the delivery as a whole.';
comment on table delivery_file is
    'The files of a delivery that has rejected rows or warnings; the header is one line of CSV.';

-- Kept by delivery, so that what is shown of an institution is the sum of what it sent.
create table delivery_month (
    delivery_id bigint not null references delivery,
    institution_id integer not null references institution,
    month date not null,
    kind text not null,
    added bigint not null default 0,
    corrected bigint not null default 0,
    older bigint not null default 0,
    unchanged bigint not null default 0,
    rejected bigint not null default 0,
    warned bigint not null default 0,
    primary key (delivery_id, institution_id, month, kind),
    constraint delivery_month_kind check (kind in ('loans', 'repayments', 'inquiries')),
    constraint delivery_month_month check (extract(day from month) = 1)
);
comment on table delivery_month is
    'Rows of a loaded delivery by institution and month: the month of a repayment, that in which a loan was reported or '
    'an inquiry made. A rejected row counts where its institution is known and its month can be read.';
create index delivery_month_institution on delivery_month (institution_id, month);

create table delivery_month_rule (
    delivery_id bigint not null references delivery,
    institution_id integer not null references institution,
    month date not null,
    warns boolean not null,
    rule text not null,
    rows bigint not null,
    primary key (delivery_id, institution_id, month, warns, rule)
);
comment on table delivery_month_rule is 'The rejected and the warned rows of delivery_month by rule.';
create index delivery_month_rule_institution on delivery_month_rule (institution_id, month);

-- Counters, so that completeness needs no scan: loans alive in a month are those opened up to it less those that ended
-- before it.
create table institution_month (
    institution_id integer not null references institution,
    month date not null,
    opened bigint not null default 0,
    ended bigint not null default 0,
    alive_reported bigint not null default 0,
    reported bigint not null default 0,
    overdue bigint not null default 0,
    days bigint not null default 0,
    primary key (institution_id, month),
    constraint institution_month_month check (extract(day from month) = 1)
);
comment on table institution_month is
    'For each institution and month: loans opened and ended in it (newest versions), loan-months reported, and when.';
comment on column institution_month.alive_reported is 'Reported months of loans that exist in this month.';
comment on column institution_month.reported is 'Reported months of all loans, also of those whose closing was reported later.';
comment on column institution_month.overdue is 'Of the reported months, those with days past due in their first loaded report.';
comment on column institution_month.days is
    'Days from the end of the month to its earliest report, summed over the reported months; the day is that of the '
    'platform''s time zone, Asia/Shanghai for what was loaded before this table.';

insert into institution_month (institution_id, month, opened, ended)
select institution_id, month, sum(opened), sum(ended)
from (
    select institution_id, date_trunc('month', opened_on)::date as month, 1 as opened, 0 as ended from loan
    union all
    select institution_id, date_trunc('month', closed_on)::date, 0, 1 from loan where closed_on is not null
) as life
group by institution_id, month;

insert into institution_month (institution_id, month, alive_reported, reported, overdue, days)
select
    loan.institution_id, earliest.month,
    count(*) filter (
        where earliest.month >= date_trunc('month', loan.opened_on) and earliest.month <= coalesce(loan.closed_on, 'infinity')
    ),
    count(*),
    count(*) filter (where earliest.days_past_due > 0),
    sum((earliest.reported_at at time zone 'Asia/Shanghai')::date - (earliest.month + interval '1 month - 1 day')::date)
from (
    select loan_id, month, min(reported_at) as reported_at, max(days_past_due) as days_past_due
    from (
        select loan_id, month, reported_at, days_past_due from repayment
        union all
        select loan_id, month, reported_at, null from repayment_superseded
    ) as version
    group by loan_id, month
) as earliest
join loan on loan.id = earliest.loan_id
group by loan.institution_id, earliest.month
on conflict (institution_id, month) do update
set alive_reported = excluded.alive_reported,
    reported = excluded.reported,
    overdue = excluded.overdue,
    days = excluded.days;

grant select on delivery_rule, delivery_month, delivery_month_rule, institution_month to borrowgraph_reader;
