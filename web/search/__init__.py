"""Search as readers meet it."""
