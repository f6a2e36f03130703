"""The published report: what the association says about a month or a quarter, as one page that needs nothing else."""
