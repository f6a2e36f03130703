-- How many loans and months were held before the load.
select loans + repayments as held from coverage
