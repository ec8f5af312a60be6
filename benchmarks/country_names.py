"""Makes `config/country_names.toml`: what countries are called in the languages that papers are written in.

`python -m benchmarks.country_names FOLDER CITIES.json > config/country_names.toml`, where the folder is
`main` of the npm package `cldr-localenames-full` (46.0.0 was taken), and the file the list of towns of
`benchmarks.towns`.
"""

import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from config import load_table
from crawler.telling.gazetteer import country_names
from crawler.telling.towns import folded_words, name_key

_LANGUAGES = "ar cs da de es fa fr hr hu id it ja ko nb nl pl pt pt-PT ro ru sr sv tr uk zh zh-Hant"
"""Those that many journals are printed in, whichever country the authors are of."""
_AT_HOME = (
    "az:AZ be:BY bg:BG bn:BD bs:BA ca:AD el:CY el:GR et:EE fi:FI fil:PH fo:FO he:IL hi:IN hr:BA hy:AM"
    " is:IS ka:GE kk:KZ kl:GL ky:KG lb:LU lt:LT lv:LV mg:MG mk:MK mn:MN ms:BN ms:MY ms:SG ne:NP nn:NO"
    " si:LK sk:SK sl:SI so:SO sq:AL sq:XK sr-Latn:BA sr-Latn:ME sr-Latn:RS sr:BA sr:ME sr:XK sw:KE sw:TZ"
    " ta:LK tg:TJ th:TH ti:ER tk:TM ur:PK uz-Cyrl:UZ uz:UZ vi:VN"
)
"""Languages of one country or few, and what those call themselves."""
_SHORTEST = 4
"""Letters of a name in Latin script; shorter ones are abbreviations."""
_LEAST = 10_000
"""People of a town that a name must not mean."""
_NO_NAMES = frozenset({"congo", "island", "monserrate", "عمان"})
"""What means two countries for most, something else in English, hills of others, and Amman, too."""
_SAINT = re.compile(r"(?:sant|sao|sfant\w+|sint|svat[ay]|svet[ai]|szent|свет[аи]) \S+")
"""Islands that are called as churches, hospitals and quarters are, and by nothing else."""
_HEAD = """\
# Countries by code of ISO 3166-1, as other languages call them: in lower case, without accents where the
# script is Latin, sorted. They count where they stand alone between marks. Left out is what `countries.toml`
# has, and what means two countries, a saint or a town in another (GeoNames, CC BY 4.0). Made from the
# Unicode Common Locale Data Repository (cldr.unicode.org, Unicode License V3) by
# `python -m benchmarks.country_names`.
"""


def telling_names(folder: Path, cities: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """The names that mean one country and no town elsewhere, each with its country."""
    meant: dict[str, set[str]] = defaultdict(set)
    for language, _, home in (one.partition(":") for one in (*_LANGUAGES.split(), *_AT_HOME.split())):
        for code, name in _territories(folder / language / "territories.json"):
            if home in ("", code):
                meant[name_key(name)].add(code)
    for city in cities:
        name = " ".join(folded_words(city["name"]))
        if name in meant and city["population"] >= _LEAST:
            meant[name].add(city["countrycode"])
    known = country_names()
    return {
        name: min(codes)
        for name, codes in meant.items()
        if len(codes) == 1 and name not in known and _is_telling(name)
    }


def _territories(path: Path) -> Iterator[tuple[str, str]]:
    """Codes and names of the countries in a file of CLDR, whichever of its variants of a name it is."""
    countries = load_table("countries").keys()
    (language,) = json.loads(path.read_text("utf-8"))["main"].values()
    for key, name in language["localeDisplayNames"]["territories"].items():
        if (code := key.partition("-")[0]) in countries:
            yield code, name


def _is_telling(name: str) -> bool:
    if name in _NO_NAMES or _SAINT.fullmatch(name):
        return False
    return not name.isascii() or len(name) >= _SHORTEST


def to_toml(names: Mapping[str, str]) -> Iterator[str]:
    """The lines of the table."""
    yield _HEAD
    for code in sorted(set(names.values())):
        called = sorted(name for name, country in names.items() if country == code)
        yield f"{code} = {json.dumps(called, ensure_ascii=False)}"


if __name__ == "__main__":
    listed = json.loads(Path(sys.argv[2]).read_text("utf-8"))
    print("\n".join(to_toml(telling_names(Path(sys.argv[1]), listed.values()))))
