-- Finds for each subject key of a delivery under which key its person is stored, or is to be.
-- $1 integer the version of the newest secret
insert into named_key (subject_key, stored_key)
with named as (
    select institution, subject_key, other_key, documented from delivered_loan
    union
    select institution, subject_key, other_key, documented from delivered_inquiry
),
seen as (
    select
        named.institution, named.subject_key, named.other_key, named.documented,
        direct.key_version as direct_version, other.id is not null as by_other,
        exists (select from named as beside where beside.subject_key = named.other_key) as beside
    from named
    left join borrower as direct on direct.subject_key = named.subject_key
    left join borrower as other on other.subject_key = named.other_key
),
-- Which secret an institution makes its keys with is seen by those of its keys that are known; null where none is.
habit as (
    select
        institution,
        case
            when bool_or(coalesce(direct_version = $1, false)) then false
            when bool_or(coalesce(direct_version < $1, by_other)) then true
        end as former
    from seen
    where not documented
    group by institution
),
-- Nobody outside has the newest secret before everybody is brought to it.
early as (
    select exists (select from borrower where key_version < $1) as former
)
select
    seen.subject_key,
    case
        when bool_or(seen.direct_version is not null) then seen.subject_key
        when bool_or(seen.by_other) then (array_agg(seen.other_key order by seen.by_other desc, seen.documented desc))[1]
        when not bool_or(seen.documented) and bool_or(seen.beside or coalesce(habit.former, early.former)) then (array_agg(seen.other_key))[1]
        else seen.subject_key
    end
from seen
left join habit on habit.institution = seen.institution
cross join early
group by seen.subject_key
