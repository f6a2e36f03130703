-- Tells the planner what was delivered: nothing else ever does for temporary tables.
analyze
    delivered_institution, delivered_loan (institution, number, subject_key),
    delivered_repayment (institution, loan, month), delivered_inquiry (institution, subject_key)
