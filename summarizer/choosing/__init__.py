"""Which sentences of a paper a digest tells, from which version, in which role and order."""
