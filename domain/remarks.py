"""Papers that speak of another paper: corrections, retractions, concerns, replies and comments."""

import re

from domain.profile import Profile

_ABOUT_ANOTHER = (
    ("correction", r"(?:publisher |author )?correct(?:ion|ed)s?\b|corrigend|errat|addend|amendment\b"),
    (
        "retraction",
        r"retraction\b|retraction notice|notice of (?:retraction|withdrawal)|withdrawal\b|removal\b",
    ),
    ("concern", r"(?:editorial )?expression of concern"),
    (
        "reply",
        r"(?:author|authors|the authors)['’]?s?['’]? (?:reply|response)|reply\b|in reply|response to\b",
    ),
    ("comment", r"comments? (?:on|to)\b|commentary\b|re:|letter to|letter:|editorial comment|invited comm"),
)
_MARKERS = [(name, re.compile(r"^\W*(?:" + start + ")")) for name, start in _ABOUT_ANOTHER]
_ENDS = [
    (
        "reply",
        re.compile(r"(?:[-–—:.(\[]\s*(?:author'?s'? )?(?:reply|response)|reply from the authors?)\W*$"),
    ),
    ("correction", re.compile(r"[-–—:.(\[]\s*(?:correction|erratum|corrigendum)\W*$")),
    ("comment", re.compile(r"[-–—:.(\[]\s*(?:comment|commentary|letter|editorial)\W*$")),
]
_NOTICES = {"published erratum": "correction", "retraction of publication": "retraction"}


def about_another(profile: Profile) -> str:
    """What a version that speaks of another paper is to it (a correction, a reply …); empty for a paper."""
    for kind in profile.version.publication_types:
        if found := _NOTICES.get(kind.lower()):
            return found
    text = profile.title.text
    found = next((name for name, start in _MARKERS if start.match(text)), "")
    return found or next((name for name, end in _ENDS if end.search(text)), "")
