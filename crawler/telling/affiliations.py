"""The country that an affiliation names, by what the gazetteer knows; None where it is not certain.

The last part after a comma speaks first, then the ones before it. A country's name inside the name of an
institution ("University of Georgia", "Jordan Hospital") is no evidence. Where no country is named, postcodes,
towns and provinces tell, then institutions that are known, then an e-mail address.
"""

import re

from config import load_table
from crawler.records.remembering import remembered
from crawler.telling.addresses import word_start
from crawler.telling.gazetteer import gazetteer, postcodes
from crawler.telling.hints import compiled
from crawler.telling.institution_names import country_of_institution, parts_of
from crawler.telling.institutions import known_institutions
from crawler.telling.towns import country_of_town, fold, folded_words, name_key

_EMAIL = re.compile(r"[^\s@]{1,99}@(?:[\w-]{1,63}\.){0,8}([\w-]{1,63})\.([a-z]{2,})", re.IGNORECASE)
_SOLD = frozenset({"ai", "cc", "co", "fm", "gg", "io", "la", "ly", "me", "nu", "sh", "to", "tv", "vc", "ws"})
"""Domains of countries that are sold to all the world; those of their own have one of `_KEPT` before them."""
_KEPT = frozenset({"ac", "com", "edu", "gob", "gov", "mil", "net", "org"})
_NOISE = re.compile(r"electronic address:?|e-?mail:?|correspond\w*|&#?\w+;", re.IGNORECASE)
_ZIP = r"\b(\d{5}(?:-\d{4})?)\b(?!-\d)"
_STATE = re.compile(r"(?:^|[\s,.])([A-Z]{2}|D\.C\.)\.?(?:[\s,]+\d{5}(?:-\d{4})?)?\s*\.?$")
_OLD_STATE = re.compile(
    r"\s*(?:Ala|Ariz|Calif|Colo|Conn|Fla|Kans?|Mich|Minn|Nebr|Okla|Ore|Penna?|Tenn|Tex|Wis|Wyo|Va|Vt|W\. ?Va"
    r"|N\. ?(?:Y|J|C|H|M(?:ex)?|D(?:ak)?)|S\. ?(?:C|D(?:ak)?)|R\. ?I)\.?(?: \d{5}(?:-\d{4})?)?\s*+"
    r"(?:\.\s*+)?$"
)
"""Abbreviations of states as they were before there were ZIP codes."""
_SHORT = re.compile(r"U(?<=\bU)(?:niv)?\.(?!\s?[A-Z]\.)|U(?<=\bU)niv\b(?!\.)")
"""Begins with a letter, not with its edge, which is quicker to look for."""
_FIGURE = re.compile(r"\d")
_OTHER_NUMBERS = re.compile(
    r"\b(?i:t[eé]l(?:[eé](?:ph|f)\w+)?|phone|ph|fax|mobile|ext|box|room|rm|suite|grant|number|n[or]|issn)\b[^,;A-Za-z]*"
    r"|\+ ?\d[^,;A-Za-z]*|\(\d+\)[\d .-]*"
)
"""Of telephones, boxes and rooms, with the word or the mark that tells them."""
_MARK = re.compile(r"[,()|\n，；、،（）]")
_STATE_ZIP = re.compile(r"(?:^|[\s,.])([A-Z]{2})\.?,? \d{5}(?:-\d{4})?(?!-?\d)")
_BESIDE_TOWN = re.compile(r"\b[1-9]\d{3} ?[A-Z]{2}\b|\b(?i:C[eé]dex)\b.*")
"""Marks of a postcode that stand behind a town: of the Netherlands, and of France."""
_KINDS_OF_PLACE = frozenset(
    {"province", "prefecture", "city", "region", "district", "shi", "si", "metropolitan"}
    | {"pusat", "utara", "selatan", "timur", "barat"}
)
"""What is said of a place behind its name; in Indonesian, which part of a town it is."""
_INSTITUTION_BEFORE = frozenset(
    {"of", "the", "for", "new", "and", "inner", "de", "du", "da", "at", "di", "del", "saint", "st"}
)
_AFTER_A_NAME = frozenset({"and", "the", "campus"})
_PROVINCES = {
    **dict.fromkeys(("ON", "QC", "BC", "AB", "MB", "SK", "NS", "NB"), "CA"),
    **dict.fromkeys(("NSW", "VIC", "QLD", "ACT", "TAS"), "AU"),
    **dict.fromkeys(("SP", "RJ", "RS", "MG", "DF"), "BR"),
}
"""Abbreviations that stand by themselves at the end of a string and are no state's of the United States."""
_TOWNS_OF_STATES = frozenset({"ontario"})
"""Provinces whose name is a town's in a state that has the country's code: "Ontario, CA" is in California."""
_WITH_TOWN = 3
_GLUED = re.compile(r"(?<=[a-z]{3})(?=[A-Z][a-z]{2}|[A-Z]{2,3}\b|\d)|(?<![^\W_])\d{1,2}(?=[A-Z][a-z])")
"""Where parts or marks of notes run together: "University of UtahSalt Lake City", "1University of Utah"."""
_LONGEST_NAME = 7
_LONGEST_SHORT = 4
"""Letters of a district's abbreviation, which stands behind its town: "Shatin, N.T."."""


def country(affiliation: str) -> str | None:
    """The ISO 3166-1 alpha-2 code of the country that `affiliation` is in, or None.

    >>> country("University of Georgia, Athens, GA 30602, USA"), country("Department of Surgery")
    ('US', None)
    """
    return _country(affiliation) if len(affiliation) < 4000 else None


@remembered(1 << 15, longest=1000)
def _country(affiliation: str) -> str | None:
    text, email = affiliation, None
    if (at := affiliation.find("@")) >= 0:
        start = word_start(affiliation, at)
        if email := _EMAIL.search(affiliation, start):
            text = affiliation[:start] + _EMAIL.sub(" ", affiliation[start:])
    text = _SHORT.sub("University", _without_noise(text))
    if answer := _told(text):
        return answer
    if email and (answer := _of_domain(email[1].lower(), email[2].lower())):
        return answer
    if answer := _guessed(text):
        return answer
    parted = _GLUED.sub(", ", text)
    return _told(parted) or _guessed(parted) if parted != text else None


def _told(text: str) -> str | None:
    """The country that `text` names, or whose places or institutions it does."""
    for segment in text.split(";"):
        if answer := named_country(segment):
            return answer
    if answer := _postal(text) or _surely(text) or _placed(text) or _native(text):
        return answer
    if institution := known_institutions().find(text):
        return institution.country
    # Boxes, rooms and telephones look the same, so all that has a name speaks first.
    postcode = postcodes("likely").search(_OTHER_NUMBERS.sub(" ", text)) if _FIGURE.search(text) else None
    return postcode.lastgroup if postcode else None


def _guessed(text: str) -> str | None:
    """The country that names in `text` show, where nothing tells it outright."""
    places, names = gazetteer().places, gazetteer().names
    if code := country_of_institution(text, places.get, names.get) or _of_town(text):
        return code
    institution = known_institutions().find(text, within=True)
    return institution.country if institution else None


def _without_noise(text: str) -> str:
    lowered = text.lower()
    hinted = "&" in text or "mail" in lowered or "correspond" in lowered or "electronic" in lowered
    return _NOISE.sub(" ", text) if hinted else text


def named_country(segment: str) -> str | None:
    """The country by its name, or by a state's name or abbreviation."""
    parts = [part for part in _MARK.split(segment) if part.strip(" .")]
    for number, part in enumerate(reversed(parts)):
        words = folded_words(part)
        while words and words[-1] in _AFTER_A_NAME:
            words.pop()
        code = gazetteer().translated.get(" ".join(words) or name_key(part))
        code = code or _by_name(words, whole=number > 0)
        if words[-1:] == ["georgia"] and code in {"GE", "US"}:
            town = parts[len(parts) - 2 - number] if len(words) == 1 and number + 1 < len(parts) else ""
            code = _georgia(segment, town)
        if code:
            before = parts[: len(parts) - 1 - number]
            return _territory(before, code) or _at_town(segment, words, code) or code
        if number == 0 and (province := _province_beside_town(parts)):
            return province
        if number < 2 and _is_state(part, parts, len(parts) - 1 - number):
            return "US"
        if number == 0 and len(parts) > 1 and (province := _PROVINCES.get(part.strip(" ."))):
            return province
    return None


def _by_name(words: list[str], whole: bool) -> str | None:
    """The country whose name is all of `words`, or unless `whole`, the end of them."""
    names = gazetteer().names
    if whole or len(words) == 1:
        return names.get(" ".join(words))
    for start in range(max(0, len(words) - _LONGEST_NAME), len(words)):
        code = names.get(" ".join(words[start:]))
        if code:
            return code if start == 0 or words[start - 1] not in _INSTITUTION_BEFORE else None
    return None


def _territory(before: list[str], code: str) -> str | None:
    """The territory with a code of its own that stands before its country, by its name or a town's."""
    territories = load_table("places")["territories"].get(code, ())
    for part in reversed(before if territories else ()):
        short = part.strip(" .")
        if short in territories:
            return short
        named = _by_name(folded_words(part), whole=False) or _place_at_end(part)
        if named or not short.isupper() or len(short) > _LONGEST_SHORT:
            return named if named in territories else None
    return None


def _at_town(text: str, words: list[str], code: str) -> str | None:
    """The country of an institution that is known in another country's town of this name.

    "Western University, London" is in Ontario, and "Dartmouth-Hitchcock, Lebanon" in New Hampshire.
    """
    town, known = " ".join(words), known_institutions()
    institution = known.find(text) if town and town in known.towns else None
    if institution is None or institution.town != town or institution.country == code:
        return None
    return institution.country


def _georgia(segment: str, town: str) -> str | None:
    """Georgia the state or the country, when something else tells: only the state has a Rome and a Dublin."""
    lowered = segment.lower()
    if re.search(r"tbilisi|batumi|kutaisi|gori\b", lowered):
        return "GE"
    american = r"atlanta|athens|augusta|savannah|macon|emory|decatur|marietta|\b3[01]\d{3}\b|\b398\d\d\b"
    named_after = gazetteer().places.get(" ".join(folded_words(town)), "GE")
    return "US" if named_after != "GE" or re.search(american, lowered) else None


def _province_beside_town(parts: list[str]) -> str | None:
    """The country of a town before an abbreviation that would mean a state by itself: "Belém, PA".

    It may be the country's own, as in "Haifa, IL", and a province may stand between: "Toronto, Ontario, CA".
    """
    province = parts[-1].strip(" .")
    if len(parts) < 2 or len(province) != 2:
        return None
    between = " ".join(folded_words(parts[-2]))
    is_its_own = gazetteer().names.get(between) == province  # "Halifax, Nova Scotia, CA"
    has_town = len(parts) > _WITH_TOWN and len(folded_words(parts[-3])) == 1  # "X, Kingston, Ontario, CA"
    if is_its_own and (has_town or between not in _TOWNS_OF_STATES):
        return province
    for part in reversed(parts[-3:-1]):
        town = " ".join(folded_words(part))
        if _is_apart(town, province, province):
            return province
        if code := _PROVINCES.get(part.strip(" .")) or _place_at_end(part) or country_of_town(town):
            if is_its_own or code == province:
                return province
            return code if province in load_table("places")["provinces"].get(code, ()) else None
    return None


def _is_apart(town: str, code: str, called: str) -> bool:
    """Whether that country has a town that is known only beside its name: as "cordoba argentina" is."""
    name, places = gazetteer().called.get(called), gazetteer().places
    return name is not None and code in (places.get(f"{town} {name}"), places.get(f"{town} de {name}"))


def _is_state(part: str, parts: list[str], position: int) -> bool:
    """Whether a part ends in a state's abbreviation that has a ZIP code or a town beside it."""
    if position and _OLD_STATE.match(part):
        return True
    match = _STATE.search(part.strip())
    if match and match[1] == "WA" and any("Australia" in one for one in parts):
        return False
    if not match or match[1].replace(".", "") not in gazetteer().states:
        return False
    has_zip = re.search(_ZIP, " ".join(parts[position:])) is not None
    if has_zip or not position or part.strip(" .") != match[1]:
        return has_zip
    # A bare DE or IN may as well be Germany or India, unless the town bears the name of a place elsewhere.
    return match[1] not in {"DE", "IN"} or _is_elsewhere(parts[position - 1], match[1])


def _is_elsewhere(part: str, code: str) -> bool:
    words = " ".join(folded_words(part))
    if _is_apart(words, "US", f"us-{code}"):
        return True
    place = _place_at_end(part) or country_of_town(words) or gazetteer().names.get(words)
    return place is not None and place != code


def _postal(text: str) -> str | None:
    if not _FIGURE.search(text):
        return None
    if postcode := postcodes("sure").search(text):
        return postcode.lastgroup
    for match in _STATE_ZIP.finditer(text):
        if match[1] in gazetteer().states:
            return "US"
        if match[1] == "PR":
            return "PR"
    prefix = gazetteer().prefixes.search(text)
    return load_table("places")["prefixes"][prefix[1] or prefix[2]] if prefix else None


def _native(text: str) -> str | None:
    """The country by its name, or a large town's, in its own script, and else by the letters."""
    if text.isascii():
        return None
    if match := compiled(gazetteer().native).search(text):
        return gazetteer().native_codes[match[0]]
    return next((code for code, form in gazetteer().scripts.items() if compiled(form).search(text)), None)


def _place_at_end(part: str) -> str | None:
    """The country of the town or province that a part ends in, whatever is said of its kind behind it."""
    words = folded_words(_BESIDE_TOWN.sub("", part))
    while words:
        for length in (3, 2, 1):
            if length <= len(words) and (code := gazetteer().places.get(" ".join(words[-length:]))):
                return code
        last = words.pop()
        if len(last) > 1 and last not in _KINDS_OF_PLACE:  # one letter is of a postcode: "Laxenburg A 2361"
            break
    return None


def _surely(text: str) -> str | None:
    """The country by words that only names of its institutions have, whatever the town is called."""
    match = compiled(gazetteer().sure).search(fold(text))
    return gazetteer().sure_codes[match[0]] if match else None


def _placed(text: str) -> str | None:
    """The country of a city or province, where no country was named."""
    for part in reversed(parts_of(text)):
        if code := _place_at_end(part):
            return _borne_away(part, code) or _at_town(text, folded_words(part), code) or code
    # "National University of Singapore" stands for its country once nothing else does.
    words = folded_words(text)
    if (
        len(words) > 2
        and words[-2] == "of"
        and words[-1] not in {"georgia", "jordan", "lebanon", "macedonia", "washington"}
    ):
        return gazetteer().names.get(words[-1])
    return None


def _borne_away(part: str, place: str) -> str | None:
    """The country of an institution that bears the name of a place elsewhere: "Vall d'Hebron", of Barcelona.

    One that is known without the last word, too, is only followed by a place: "New York University Shanghai".
    """
    known = known_institutions()
    institution = known.find(part)
    if institution is None or institution.country == place:
        return None
    whole = part.strip()
    before = whole[: max(whole.rfind(" "), whole.rfind("-"), 0)]
    return institution.country if before and not known.find(before) else None


def _of_town(text: str) -> str | None:
    """The country of a town that hardly shares its name, where it stands by itself between marks."""
    parts = [part.strip(" .") for part in parts_of(text)]
    names = (
        " ".join(folded_words(_BESIDE_TOWN.sub("", part))) for part in reversed(parts) if not part.isupper()
    )
    return next((code for name in names if (code := country_of_town(name))), None)


def _of_domain(kind: str, name: str) -> str | None:
    """The country of an address by its domain `name` and the label before it, which may tell its kind."""
    if name in {"edu", "gov", "mil"}:
        return "US"
    if name in _SOLD and kind not in _KEPT:
        return None
    code = "GB" if name == "uk" else name.upper()
    return code if code in gazetteer().codes else None
