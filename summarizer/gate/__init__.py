"""The gate before publishing: does a digest say what its evidence says, no more and no less?"""

from summarizer.gate.digests import Fault, digest_faults, disagreements, permitted_texts
from summarizer.gate.entailment import faults, faults_of_group
from summarizer.gate.numbers import numbers

__all__ = [
    "Fault",
    "digest_faults",
    "disagreements",
    "faults",
    "faults_of_group",
    "numbers",
    "permitted_texts",
]
