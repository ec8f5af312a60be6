"""Names, ids and addresses as sources of records write them."""

import re
from collections.abc import Sequence

from domain.paper import Affiliation, Author

_ORCID = re.compile(r"(\d{4}-\d{4}-\d{4}-\d{3}[\dX])/?$", re.IGNORECASE)
_ROR = re.compile(r"\b(?:ror\.org/)?(0[a-hj-km-np-tv-z0-9]{6}\d{2})/?$", re.IGNORECASE)
_WEB = re.compile(r"https?://[^\s<>\"\\^`{|}]{1,2000}")
_GROUP = re.compile(
    r"\b(?:consortium|group|committee|investigators|collaborat\w+|network|team|initiative|society|university"
    r"|institut\w+|centre|center|hospital|foundation|association|agency|department|organi[sz]ation"
    r"|national|nations|administration|ministry|council|health|research)\b",
    re.IGNORECASE,
)

_PARTICLES = re.compile(
    r"van|von|der|den|de|del|della|di|da|das|dos|du|la|le|el|al|bin|ibn|ter|ten|zu|zur|af|av|y|e"
    r"|Van|Von|Der|Den|De|Del|Della|Di|Da|Dos|Du"
)
_LONGEST_NAME = 6
_GENERATION = r"(?:(?:Jr|Sr)\.?|I{2,3}|IV|2nd|3rd|4th)"
_SON = re.compile(_GENERATION)
_SUFFIX = re.compile(rf"{_GENERATION}|VI{{0,3}}|Filho|Neto|J[uú]nior", re.IGNORECASE)
"""What may stand in a field of its own, in capitals, too, where a name could not be told from initials."""
_SON_BEFORE = re.compile(rf"({_GENERATION}) ?, ?(?=\S)")
_SON_BEHIND = re.compile(rf"(?<=\w|\.)(?: ?, ?| )({_GENERATION})$")
_NOTES = " ,*∗†‡§¶#"
_NUMBERS = re.compile(r"(?<=[^\W\d_A-Z])\d{1,2}(?: ?, ?\d{1,2}){0,9}$")
"""Marks of notes and numbers of affiliations, which some deposit with the name. `C1` is a group's own."""
_TITLE = r"(?:[A-Z]\.?[A-Z][A-Za-z.-]{0,6}|[A-Z][A-Za-z.]{1,6}[A-Z]\.?)"
_DEGREE = re.compile(rf"{_TITLE}(?: {_TITLE})*")
"""A short word that begins with two capitals or ends with one, which `Jean-Luc` and `JoAnn` do not.

Initials look so, too: only what follows a whole name is a degree.
"""
_LIFE = re.compile(r"(?:b\. ?)?1[5-9]\d\d ?(?:[-–] ?(?:\d{4})?)?")
_ADDRESSED = re.compile(
    r"(?:Profa?|Dra?|Mr|Mrs|Ms)\b\.?+ ?+(?:(?:Profa?|Dra?|med|h\.?c)\b\.?+ ?+)*+(?=\S+ +\S)"
)
_NOT_LATIN = re.compile(r"[^\x00-\u036f\u1e00-\u1eff\u2000-\u206f]")
_CITED = re.compile(
    r"(?P<family>[^\s,]+(?: [^\s,]+){0,4}?(?<!\.)) (?P<initials>[^\W\d_](?:(?:\. |\.?-?)[^\W\d_]){0,3})"
    r"(?: (?P<suffix>Jr|Sr|II|III|IV|2nd|3rd|4th))?\.?"
)

_OTHER_MARKS = str.maketrans("；؛、，،", ";;;,,")
"""What stands for semicolons and commas elsewhere; behind "、" there is always another."""
_EASTERN = re.compile(r"[\u3005-\u30ff\u3400-\u9fff\uac00-\ud7a3]+")
"""Han, kana and Hangul letters. Names of two to four of them have no space between family and given name."""
_LONGEST_UNSPACED = 4
_PATRONYMIC = re.compile(r".+(?:[ое]вич|[оеє]вна|івна|ична)", re.IGNORECASE)
"""A name after the father's, which has the family name before it or behind it."""
_INITIALS = re.compile(r"(?:[^\W\d_]\.-?)+")
_BETWEEN_PEOPLE = re.compile(r" ?, ?(?:(?:and|y|e|et|und) |& ?)?| (?:and|&) ")
_FEWEST_PEOPLE = 3


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


def parts_of_name(family: str, given: str, suffix: str = "") -> tuple[str, str, str]:
    """Family name, given names and what tells a son from his father, wherever sources put that.

    Degrees, marks of notes and dashes in place of a name are left out.

    >>> parts_of_name("Smith", "Jr., John"), parts_of_name("Okafor", "Ada", "MD, PhD")
    (('Smith', 'John', 'Jr.'), ('Okafor', 'Ada', ''))
    """
    if family.isalpha() and given.isalpha() and not suffix:
        return family, given, ""  # a word each, as most are
    family, given = _without_notes(family), _without_notes(given)
    given = given if any(map(str.isalnum, given)) else ""
    told = map(str.strip, suffix.split(",")) if suffix else ()
    son = ", ".join(one for one in told if _SUFFIX.fullmatch(one) or not _DEGREE.fullmatch(one))
    if not (family and given):
        return family, given, son
    family, *degrees = re.split(r" ?, ?", family) if "," in family else [family]
    son = next(filter(_SON.fullmatch, degrees), son)
    rest = [one for one in degrees if not (_SON.fullmatch(one) or _DEGREE.fullmatch(one))]
    family = ", ".join((family, *rest))
    if match := _SON_BEFORE.match(given):
        given, son = given[match.end() :], match[1]
    if match := _SON_BEHIND.search(given):
        given, son = given[: match.start()], match[1]
    if match := _SON_BEHIND.search(family):
        family, son = family[: match.start()], match[1]
    return family, given, son


def _without_notes(name: str) -> str:
    return _NUMBERS.sub("", name.rstrip(_NOTES)).rstrip(_NOTES)


def _bare(name: str) -> tuple[str, str]:
    """`name` without what is no part of it (address, degrees, years of life), and what tells a son apart."""
    name = _without_notes(name.lstrip(_NOTES))
    if match := _ADDRESSED.match(name):
        name = name[match.end() :]
    if "," not in name:
        return name, ""
    first, *others = [part for one in name.split(",") if (part := one.strip())] or [""]
    son = next(filter(_SON.fullmatch, others), "")
    rest = [one for one in others if not (_SON.fullmatch(one) or _LIFE.fullmatch(one))]
    degrees = 0
    while rest and _DEGREE.fullmatch(rest[-1]):
        initials = rest[-1].isupper() or rest[-1][1] == "."
        sure = len(rest) > 1 or (" " in first and (degrees or not initials))
        if not sure:
            break
        rest.pop()
        degrees += 1
    if len(rest) > 1:
        return name, ""  # who knows whose son it is
    return ", ".join((first, *rest)), son


def person(
    name: str,
    *,
    family: str = "",
    given: str = "",
    suffix: str = "",
    orcid: str | None = None,
    affiliations: tuple[Affiliation, ...] = (),
) -> Author | None:
    """An author from a name in any usual order; None without one. What no comma divides is not guessed at.

    >>> person("Curie, Marie").name, person("Curie, Marie").family
    ('Marie Curie', 'Curie')
    >>> person("山田, 太郎").name
    '山田 太郎'
    >>> person("Smith, John, Jr.").name, person("Lind, Bea, MD, PhD").name
    ('John Smith Jr.', 'Bea Lind')
    >>> person("Invented Trials Group").family
    ''
    """
    son = suffix
    if family:
        family, given, son = parts_of_name(family, given, suffix)
    elif not _GROUP.search(name):
        name, son = _bare(name)
        if name.count(",") == 1:
            family, _, given = (part.strip() for part in name.partition(","))
    if _EASTERN.fullmatch(family) and _EASTERN.fullmatch(given):
        name = f"{family} {given}"
    else:
        name = " ".join(f"{given} {family} {son}".split()) if family else f"{name.strip()} {son}".strip()
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
    family, initials = match["family"], match["initials"].replace(".", "").replace(" ", "")
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
    if _GROUP.search(name):
        return person(name, orcid=orcid, affiliations=affiliations)
    bare, son = _bare(name)
    words = bare.split()
    if len(words) > 2 and _SON.fullmatch(words[-1]):
        son = words.pop()
    if "," in bare or not 2 <= len(words) <= _LONGEST_NAME:
        return person(name, orcid=orcid, affiliations=affiliations)
    capitals = [word for word in words if word.isupper() and len(word) > 2 and "." not in word]
    if len(capitals) == 1 and words[0] == capitals[0]:
        family, given = words[0].capitalize(), " ".join(words[1:])
    elif at := _family_before(words):
        family, given = " ".join(words[:at]), " ".join(words[at:])
        if _EASTERN.fullmatch(words[-1]):
            return Author(bare, family, given, orcid, affiliations)
    else:
        at = len(words) - 1
        while at > 1 and _PARTICLES.fullmatch(words[at - 1]):
            at -= 1
        family, given = " ".join(words[at:]), " ".join(words[:at])
    return person(name, family=family, given=given, suffix=son, orcid=orcid, affiliations=affiliations)


def _family_before(words: list[str]) -> int:
    """How many words the family name has where script or form show that it comes first; else 0.

    So do initials or the father's name behind it, and the letters of Han, kana or Hangul.
    """
    at = next((n for n, word in enumerate(words) if _INITIALS.fullmatch(word)), 0)
    if at and _are_initials(" ".join(words[at:])):
        return at
    *_, before, last = words
    fathers = len(words) == 3 and _PATRONYMIC.fullmatch(last) and not _PATRONYMIC.fullmatch(before)
    return 1 if fathers or all(map(_EASTERN.fullmatch, words)) else 0


def is_family_first(name: str) -> bool:
    """Whether a name that no comma divides shows by itself that the family name comes first.

    >>> [is_family_first(name) for name in ("Lind A. B.", "山田 太郎", "Ada Lind")]
    [True, True, False]
    """
    words = name.split()
    return "," not in name and 2 <= len(words) <= _LONGEST_NAME and _family_before(words) > 0


def in_usual_marks(names: str) -> str:
    """Names with semicolons and commas in place of what other scripts part them with.

    >>> in_usual_marks("李明；王芳、张伟"), in_usual_marks("山田，太郎")
    ('李明;王芳;张伟', '山田,太郎')
    """
    return names.translate(_OTHER_MARKS)


def is_whole_name(name: str) -> bool:
    """Whether `name` has the form of given and family name: a few words with capitals, but for particles.

    In scripts without capitals a few words have it, or a few letters where names have no spaces.

    >>> [is_whole_name(name) for name in ("Jo van der Berg", "Lind", "Office of Works", "United Nations")]
    [True, False, False, False]
    >>> [is_whole_name(name) for name in ("王芳", "علی احمدی", "北京肿瘤医院")]
    [True, True, False]
    """
    if _is_unspaced(name):
        return True
    words = [] if _GROUP.search(name) else name.split()
    return 2 <= len(words) <= _LONGEST_NAME and all(
        _is_capital(w[0]) or _PARTICLES.fullmatch(w) for w in words
    )


def _are_initials(text: str) -> bool:
    return all(map(_INITIALS.fullmatch, text.split(" ")))


def _is_after_initials(name: str) -> bool:
    return _INITIALS.match(name) is not None and not _are_initials(name)


def _is_unspaced(name: str) -> bool:
    return 2 <= len(name) <= _LONGEST_UNSPACED and _EASTERN.fullmatch(name) is not None


def _is_capital(letter: str) -> bool:
    return letter.isalpha() and letter == letter.upper()


def natural_people(names: str) -> tuple[Author, ...]:
    """The authors whose names one text gives spoken or cited; of commas only two or more part people.

    So does one "and" between whole names, and every semicolon, of other scripts, too.

    >>> [author.family for author in natural_people("Ada Novak, Eve E Fifth, Jo van der Berg and Max Lind")]
    ['Novak', 'Fifth', 'van der Berg', 'Lind']
    >>> [author.name for author in natural_people("Novak A, Fifth EE, van der Berg J")]
    ['A Novak', 'EE Fifth', 'J van der Berg']
    >>> [author.name for author in natural_people("Novak, A., Fifth, E. E.")]
    ['A. Novak', 'E. E. Fifth']
    >>> [author.name for author in natural_people("García López, Ana María")]
    ['Ana María García López']
    >>> [author.name for author in natural_people("Novak, Ada; Lind, Max")]
    ['Ada Novak', 'Max Lind']
    >>> [author.name for author in natural_people("李明、王芳")]
    ['李明', '王芳']
    """
    names = in_usual_marks(names)
    if ";" in names:
        return tuple(filter(None, natural_list([*filter(None, map(str.strip, names.split(";")))])))
    parts = _BETWEEN_PEOPLE.split(" ".join(names.split()))
    if _are_parted(parts):
        whole = [f"{family}, {given}" for family, given in zip(parts[::2], parts[1::2], strict=True)]
        return tuple(filter(None, map(person, whole)))
    if _are_cited(parts):
        return tuple(filter(None, map(cited_person, parts)))
    are_whole = len(parts) == 2 and all(map(is_whole_name, parts))
    if are_whole and ("," not in names or all(map(_is_after_initials, parts))):
        return tuple(filter(None, map(natural_person, parts)))
    if len(parts) < _FEWEST_PEOPLE or not all(map(_may_be_whole, parts)):
        parts = [names]
    return tuple(author for part in parts if (author := natural_person(part)))


def _are_parted(parts: Sequence[str]) -> bool:
    """Whether each second part has the initials of the one before, which is no degree or the like."""
    if len(parts) < 4 or len(parts) % 2 or not all(map(_are_initials, parts[1::2])):
        return False
    first, *others = parts[::2]
    degrees = not _DEGREE.fullmatch(first) and any(map(_DEGREE.fullmatch, others))
    return not (degrees or any(_are_initials(one) or _SON.fullmatch(one) for one in others))


def _may_be_whole(part: str) -> bool:
    return _is_unspaced(part) or (" " in part and not (_DEGREE.fullmatch(part) or _are_initials(part)))


def natural_list(names: Sequence[str]) -> list[Author | None]:
    """An author for each name, spoken or turned round; all as citations have them where each may be one.

    >>> [author.family for author in natural_list(["Lind A", "Novak B", "van Berg M"])]
    ['Lind', 'Novak', 'van Berg']
    >>> [author.family for author in natural_list(["Lind, Ada", "Bo Novak"])]
    ['Lind', 'Novak']
    """
    return [*map(cited_person if _are_cited(names) else natural_person, names)]


def _are_cited(names: Sequence[str]) -> bool:
    """Whether several names all look like a family name with initials, two where dots or one letter show it.

    Three capitals behind most are family names printed so: "Min-Ji KIM, Hye LEE, Jun PARK".
    """
    cited = [match["initials"] for name in names if (match := _CITED.fullmatch(name))]
    if len(cited) < len(names) or not all(map(str.isupper, cited)):
        return False
    letters = [sum(map(str.isalpha, initials)) for initials in cited]
    are_sure = 1 in letters or all("." in initials for initials in cited)
    if len(names) < (2 if are_sure else _FEWEST_PEOPLE):
        return False
    return 2 * sum(count > 2 for count in letters) <= len(letters)
