"""Files and answers cut into records, and what every reader of records needs."""
