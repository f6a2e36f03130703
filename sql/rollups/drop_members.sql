-- Takes cells out of the blocks of a kind that is theirs no longer.
delete from portfolio_member m
using portfolio_cell c, portfolio_block b
where c.id = m.cell_id and b.id = m.block_id and b.institution_kind <> c.institution_kind
