-- Forgets the reports that were put beside the stored ones.
truncate repayment_history
