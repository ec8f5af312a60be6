"""Files that go with a paper and are catalogued as if they were papers, told by their titles."""

import re

_PAPER = (
    r"(?::| (?:the |this |our )?(?:article|paper|manuscript|publication|study)\b| (?-i:[a-z-]*[^a-z\s,.:;-]))"
)
"""The title of a paper, which has a capital or a figure in its first word, or the word for one."""
_SUPPLEMENT = re.compile(
    # Springer Nature and BioMed Central, SAGE, Frontiers, in the names of files.
    r"additional files? s?\d|moesm ?\d|sj-[a-z]+-\d+-\w|[^ ]{3,60} – suppl\w+ material for\b"
    r"|(?:data ?sheet|image|presentation|table|video)_\d+_"
    r"|replication (?:data|files?|package) for:|"  # Dataverse
    # "Supplementary Data from …", as the American Association for Cancer Research has it. What goes on in
    # small letters, as "Supplementary methods for staging …", is no title of a paper.
    r"suppl(?:ementa(?:l|ry)|ement|\.)? (?:materials?|tables?|fig(?:ure)?s?|files?|data(?: ?s(?:et|heet)s?)?"
    r"|appendi(?:x|ces)|methods?|videos?|movies?|texts?|notes?|documents?|legends?)"
    rf"(?: ?(?:$|[:_,]|[-–—] )| ?s?\d+\w{{0,3}}\b| (?:from|of|for|to){_PAPER})"
    rf"|suppl(?:ementa(?:l|ry)|ement|\.)? information(?: ?(?:$|[:_]|[-–—] )| ?s?\d+\b| from{_PAPER})"
    rf"|(?:fig(?:ure|\.)?|table|video|movie|text|data ?set|file|appendix) ?s?\d+\w{{0,2}} from{_PAPER}",
    re.IGNORECASE,
)


def is_supplement(title: str) -> bool:
    """Whether a title is that of a file beside a paper: a supplement, or one of its figures or tables.

    >>> is_supplement("Additional file 3 of Invented cells"), is_supplement("Supplementary vitamin D")
    (True, False)
    """
    return _SUPPLEMENT.match(title) is not None
