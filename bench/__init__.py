"""Side-by-side measurements; run by hand, never by the tests."""
