"""A small invented sample of each source, for the demo and the tests: none of its people or studies exist."""
