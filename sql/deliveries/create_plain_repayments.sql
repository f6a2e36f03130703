-- Makes the temporary table of the delivered repayments that are merged into their loans' series at once.
create temporary table plain_repayment (like repayment) on commit drop
