"""A small, wholly invented sample of each source, for the demo and the tests: no person, study or drug in it exists."""
