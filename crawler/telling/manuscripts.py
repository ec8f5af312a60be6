"""Copies that are not the published article: what authors wrote, sent in, or had accepted.

A repository's licence for such a copy is none of the article's, whose identifiers the copy bears.
"""

import re

_MANUSCRIPT = re.compile(
    r"(?:info:eu-repo/semantics/)?(?:accepted|submitted)[ _-]?version$|info:eu-repo/semantics/draft$"
    r"|.*coar/version/(?:c_ab4af688f83e57aa|c_71e4c1898caa6e32|c_b1a7d7d4d402bcce)/?$"
    r"|(?:(?:the )?author(?:['’]?s?)?[ -])?(?:accepted|submitted|original)[ -](?:author )?manuscript\b"
    r"|post-?print\b|am$|aam$|ao$|smur$|draft$",
    re.IGNORECASE,
)


def is_manuscript(*statements: str) -> bool:
    """Whether one of the statements is that of such a copy, in the words of OpenAIRE, COAR, NISO and others.

    >>> is_manuscript("info:eu-repo/semantics/acceptedVersion"), is_manuscript("publishedVersion")
    (True, False)
    """
    return any(_MANUSCRIPT.match(one.strip()) for one in statements)
