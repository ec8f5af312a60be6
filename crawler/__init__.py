"""Sources to records to versions: harvesting, reading and enriching what others publish."""
