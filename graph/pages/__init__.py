"""What a browser gets: the sources of the pages, and what serves them once built."""
