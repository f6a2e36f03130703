-- How many institutions are delivered, with their repetitions.
select count(*) as rows from delivered_institution
