"""Papers as references that reference managers and LaTeX read."""
