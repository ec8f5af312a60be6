"""The gate before publishing: does a digest say what its evidence says, no more and no less?"""

from summarizer.gate.entailment import faults, faults_of_group
from summarizer.gate.numbers import numbers

__all__ = ["faults", "faults_of_group", "numbers"]
