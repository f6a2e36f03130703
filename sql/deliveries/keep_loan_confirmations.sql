-- Keeps the confirmations of loans that are not kept yet.
insert into loan_confirmation (loan_id, reported_at)
select loan.id, version.reported_at
from loan_version as version
join loan on loan.institution_id = version.institution_id and loan.number = version.number
where version.confirms
order by loan.id, version.reported_at
on conflict (loan_id, reported_at) do nothing
