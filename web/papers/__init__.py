"""The page of one paper."""
