"""How the tables came to be as they are: one module in `versions/` for each step, run by Alembic."""
