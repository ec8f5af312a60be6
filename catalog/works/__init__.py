"""Which records are one work, and the rows that say so."""
