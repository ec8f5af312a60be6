"""Measurements: ours and the controls in the same run, as rows that another program can read."""
