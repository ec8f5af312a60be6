"""The gate under its old name."""

from summarizer.gate import faults, numbers

__all__ = ["faults", "numbers"]
