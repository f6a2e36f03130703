-- Reads the reports of the touched months, and of the month before and after each span, out of the loans' series: of a
-- series the touched months are the slots f to g, and low to high are read. Whether a loan begins or ceases to be
-- reported, or moves, is told as far as it may have changed.
insert into report
select
    borrower_id, cell_id, opened_on, first + place - 1, days, balance, overdue_amount, later, changes,
    place between f and g, place <= g, earlier is null and place >= f, later is null and place <= g
from (
    select
        borrower_id, cell_id, opened_on, first, f, g, changes, unnest(generate_series(low, high)) as place,
        unnest(days[low:high]) as days, unnest(days[low + 1:high + 1]) as later,
        unnest(
            case when low = 1 then list_prepend(null, days[1:high - 1]) else days[low - 1:high - 1] end
        ) as earlier,
        unnest(balance) as balance, unnest(overdue_amount) as overdue_amount
    from (
        select
            borrower_id, cell_id, opened_on, first, f, g, days, balance, overdue_amount, changes,
            greatest(f - 1, 1) as low, least(g + 1, len(days)) as high
        from loan
        where balance is not null
    ) as bounded
) as unpacked
where days is not null
