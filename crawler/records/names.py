"""Names, ids and addresses as sources of records write them."""

import re

from domain.paper import Affiliation, Author

_ORCID = re.compile(r"(\d{4}-\d{4}-\d{4}-\d{3}[\dX])/?$", re.IGNORECASE)
_ROR = re.compile(r"\b(?:ror\.org/)?(0[a-hj-km-np-tv-z0-9]{6}\d{2})/?$", re.IGNORECASE)
_WEB = re.compile(r"https?://[^\s<>\"\\^`{|}]{1,2000}")
_GROUP = re.compile(
    r"\b(?:consortium|group|committee|investigators|collaborat\w+|network|team|initiative|society|university"
    r"|institut\w+|centre|center|hospital|foundation|association|agency|department|organi[sz]ation)\b",
    re.IGNORECASE,
)

_PARTICLES = re.compile(
    r"van|von|der|den|de|del|della|di|da|das|dos|du|la|le|el|al|bin|ibn|ter|ten|zu|zur|af|av|y|e"
    r"|Van|Von|Der|Den|De|Del|Della|Di|Da|Dos|Du"
)
_LONGEST_NAME = 6
_NOT_LATIN = re.compile(r"[^\x00-\u036f\u1e00-\u1eff\u2000-\u206f]")
_CITED = re.compile(
    r"(?P<family>\S+(?: \S+){0,4}?) (?P<initials>[^\W\d_](?:-?[^\W\d_]){0,3})"
    r"(?: (?P<suffix>Jr|Sr|II|III|IV|2nd|3rd|4th))?\.?"
)


def is_latin(name: str) -> bool:
    """Whether `name` has letters, and none of another script than Latin.

    >>> is_latin("Łucja O’Neil"), is_latin("王 (Wang)"), is_latin(" ")
    (True, False, False)
    """
    return any(map(str.isalpha, name)) and not _NOT_LATIN.search(name)


def orcid(text: str) -> str | None:
    """The ORCID iD at the end of `text`, bare, or None.

    >>> orcid("https://orcid.org/0000-0002-1825-009x")
    '0000-0002-1825-009X'
    """
    found = _ORCID.search(text.strip())
    return found[1].upper() if found else None


def ror(text: str) -> str | None:
    """The ROR id at the end of `text` as an address, or None.

    >>> ror("05dxps055")
    'https://ror.org/05dxps055'
    """
    found = _ROR.search(text.strip())
    return f"https://ror.org/{found[1].lower()}" if found else None


def web_address(text: str) -> str | None:
    """`text` where it is an address of the web, else None."""
    address = text.strip()
    return address if _WEB.fullmatch(address) else None


def person(
    name: str,
    *,
    family: str = "",
    given: str = "",
    orcid: str | None = None,
    affiliations: tuple[Affiliation, ...] = (),
) -> Author | None:
    """An author from a name in any usual order; None without one. What no comma divides is not guessed at.

    >>> person("Curie, Marie").name, person("Curie, Marie").family
    ('Marie Curie', 'Curie')
    >>> person("Invented Trials Group").family
    ''
    """
    if not family and name.count(",") == 1 and not _GROUP.search(name):
        family, _, given = (part.strip() for part in name.partition(","))
    name = " ".join(f"{given} {family}".split()) if family else name.strip()
    if not name:
        return None
    return Author(name, family, given if family else "", orcid, affiliations)


def cited_person(name: str) -> Author | None:
    """An author from a name as citations print it: the family name, then initials. Others stay whole.

    >>> cited_person("van der Berg JS").name, cited_person("van der Berg JS").family
    ('JS van der Berg', 'van der Berg')
    >>> cited_person("METRIC Group").family
    ''
    """
    match = _CITED.fullmatch(name.strip())
    if match is None or not match["initials"].isupper() or match["family"].isupper() or _GROUP.search(name):
        return person(name)
    family, initials = match["family"], match["initials"]
    whole = " ".join(filter(None, (initials, family, match["suffix"])))
    return Author(whole, family, initials, initials=initials)


def natural_person(
    name: str, *, orcid: str | None = None, affiliations: tuple[Affiliation, ...] = ()
) -> Author | None:
    """An author from a name as it is spoken, where the format has such names: the family name comes last.

    Particles belong to it; a word in capitals alone is the family name wherever it stands. Groups stay whole.

    >>> [natural_person(name).family for name in ("Ada E van der Berg", "Eve E Fifth", "WANG Wei")]
    ['van der Berg', 'Fifth', 'Wang']
    >>> natural_person("Invented Trials Group").family
    ''
    """
    words = name.split()
    if "," in name or _GROUP.search(name) or not 2 <= len(words) <= _LONGEST_NAME:
        return person(name, orcid=orcid, affiliations=affiliations)
    capitals = [word for word in words if word.isupper() and len(word) > 2 and "." not in word]
    if len(capitals) == 1 and words[0] == capitals[0]:
        family, given = words[0].capitalize(), " ".join(words[1:])
    else:
        at = len(words) - 1
        while at > 1 and _PARTICLES.fullmatch(words[at - 1]):
            at -= 1
        family, given = " ".join(words[at:]), " ".join(words[:at])
    return person(name, family=family, given=given, orcid=orcid, affiliations=affiliations)
