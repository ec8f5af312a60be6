"""A node that has the ROR dump tells institutions by it. The institution and the paper are invented."""

import json
from pathlib import Path
from typing import Any

from catalog import open_catalog

ROR = "https://ror.org/09xyzab12"
PLACE = {"geonames_details": {"country_code": "RW", "name": "Kigali"}}
DUMP = [
    {
        "id": ROR,
        "names": [{"value": "Invented Lakes Cancer Hospital", "types": ["ror_display"]}],
        "locations": [PLACE],
        "status": "active",
    }
]
AFFILIATION = "Ward 3, Invented Lakes Cancer Hospital, Kigali, Rwanda"
RECORD = {
    "id": "1",
    "source": "MED",
    "pmid": "1",
    "title": "An invented paper on breast cancer",
    "authorList": {
        "author": [
            {
                "fullName": "Uwase A",
                "authorAffiliationDetailsList": {"authorAffiliation": [{"affiliation": AFFILIATION}]},
            }
        ]
    },
}


def test_the_dump_in_the_settings_is_used(node: Any, tmp_path: Path) -> None:
    dump, record = tmp_path / "ror.json", tmp_path / "record.jsonl"
    dump.write_text(json.dumps(DUMP))
    record.write_text(json.dumps(RECORD) + "\n")
    node.json("check-config", FINDINGS_ROR_DUMP=str(dump))
    node.json("import", str(record), FINDINGS_ROR_DUMP=str(dump))
    catalog = open_catalog(node.settings.database)
    (place,) = catalog.paper(catalog.find("pmid:1")).primary.authors[0].affiliations
    catalog.close()
    assert (place.ror, place.country) == (ROR, "RW")


def test_a_dump_that_cannot_be_read_is_told_before_anything_is_done(node: Any, tmp_path: Path) -> None:
    broken = tmp_path / "ror.json"
    broken.write_text('{"no": "list"}')
    for path in (broken, tmp_path / "missing.zip"):
        for command in (("check-config",), ("import", str(broken)), ("harvest", "europepmc")):
            code, _, errors = node.run(*command, FINDINGS_ROR_DUMP=str(path))
            assert code == 2
            assert "ror_dump" in errors
            assert path.name in errors
