-- The quality of what institutions report: for each slot, by institution's code and month, the months of its window up
-- to the horizon from the institution's first on. Shares are null where there is nothing to share.
-- $1 date[] first months
-- $2 date[] days before which the months begin
-- $3 text[] institutions' codes; null: every institution
-- -> QualityRow
with asked as (
    select slot.number::integer as slot, slot.first, slot.before, institution.id, institution.code
    from unnest($1::date[], $2::date[], $3::text[]) with ordinality as slot (first, before, code, number)
    join institution on slot.code is null or institution.code = slot.code
),
touched as (
    select institution_id, month, opened, ended, alive_reported, reported, days
    from institution_month
    where institution_id in (select id from asked)
    union all
    select institution_id, month, 0, 0, 0, 0, 0
    from delivery_month
    where institution_id in (select id from asked)
),
counted as (
    select
        institution_id, month, sum(opened) as opened, sum(ended) as ended, sum(alive_reported) as alive_reported,
        sum(reported) as reported, sum(days) as days
    from touched
    group by institution_id, month
),
life as (
    select
        institution_id, month, alive_reported, reported, days,
        sum(opened) over months - sum(ended) over months as alive_after,
        sum(opened) over months - sum(ended) over months + ended as alive,
        lead(month) over months as next_month
    from counted
    window months as (partition by institution_id order by month)
),
listed as (
    select
        asked.slot, asked.id, asked.code, month.day::date as month,
        case when month.day = life.month then life.alive else life.alive_after end as alive,
        case when month.day = life.month then life.alive_reported else 0 end as alive_reported,
        case when month.day = life.month then life.reported else 0 end as reported,
        case when month.day = life.month then life.days else 0 end as days
    from asked
    cross join (select max(month) as last_month from reported_month) as known
    join life on life.institution_id = asked.id and life.month < asked.before
    cross join lateral generate_series(
        greatest(life.month, asked.first)::timestamp,
        least(
            coalesce(life.next_month - interval '1 month', 'infinity'), asked.before - interval '1 day',
            known.last_month
        ),
        interval '1 month'
    ) as month (day)
    where known.last_month is not null
),
received as (
    select
        institution_id, month, sum(added) as added, sum(corrected) as corrected, sum(older) as older,
        sum(unchanged) as unchanged, sum(rejected) as rejected, sum(warned) as warned,
        nullif(sum(added) + sum(corrected) + sum(older) + sum(rejected), 0)::float8 as news
    from delivery_month
    where institution_id in (select id from asked)
    group by institution_id, month
),
judged as (
    select
        listed.slot, listed.id, listed.code, listed.month, listed.alive, listed.alive_reported,
        listed.alive_reported::float8 / nullif(listed.alive, 0) as completeness,
        listed.days::float8 / nullif(listed.reported, 0) as days_to_report,
        coalesce(received.added, 0) as added, coalesce(received.corrected, 0) as corrected,
        coalesce(received.older, 0) as older, coalesce(received.unchanged, 0) as unchanged,
        coalesce(received.rejected, 0) as rejected, coalesce(received.warned, 0) as warned,
        (received.news - received.rejected) / received.news as accepted_share,
        received.corrected / received.news as corrected_share,
        received.rejected / received.news as rejected_share,
        received.warned / received.news as warned_share
    from listed
    left join received on received.institution_id = listed.id and received.month = listed.month
)
select
    slot, id as institution_id, code, month, alive::bigint, alive_reported::bigint, completeness, days_to_report, added::bigint,
    corrected::bigint, older::bigint, unchanged::bigint, rejected::bigint, warned::bigint, accepted_share,
    corrected_share, rejected_share, warned_share,
    50 * completeness
    + case when days_to_report is null then 0 else 20 * least(greatest((40 - days_to_report) / 30, 0), 1) end
    + 20 * coalesce(accepted_share, 1)
    + 5 * (1 - coalesce(corrected_share, 0))
    + 5 * (1 - coalesce(warned_share, 0)) as score
from judged
order by slot, code collate "C", month
