-- Tells the planner what is reported looks like after a load that changes its size: queries come before autovacuum. Within
-- the load's transaction, whose own rows count. Of the largest table only the columns that statements choose rows by.
-- What somebody else keeps, to vacuum it perhaps, is left out: nobody shall wait for that to see the delivery.
analyze (skip_locked) institution, borrower, loan, loan_superseded, repayment (loan_id, month, days_past_due, reported_at),
    repayment_superseded, loan_series (loan_id, first_month), inquiry, reported_month
