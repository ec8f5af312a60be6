"""One long sentence as several short ones, and the clauses that it is cut at."""
