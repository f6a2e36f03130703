-- Tells the planner what the numbered sets look like.
analyze cell_set
