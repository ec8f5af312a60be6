"""The reviewers' desk for listings."""
