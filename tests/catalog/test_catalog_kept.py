"""How readings and documents are kept: what one has of the other is compressed once."""

from dataclasses import replace

import pytest

from catalog.codec import compress, decompress, pack_reading, to_document, to_json, to_reading
from domain.errors import CatalogError
from domain.paper import Provenance
from tests.catalog.invented import version

_ORIGIN = Provenance("alpha", "a1", "2026-01-01T00:00:00Z")


def test_the_document_of_one_record_is_what_writing_it_anew_would_give():
    told, reading = to_reading(version("10.5555/a1", title="An invented title"))
    packed = pack_reading(reading)
    assert decompress(packed) == reading
    document = to_document(packed, _ORIGIN)
    assert document is not None
    assert decompress(document) == to_json((replace(told, provenance={"*": _ORIGIN}),))


@pytest.mark.parametrize("letters", [1, 60, 120, 150, 200, 5000])
def test_an_origin_of_any_length_is_read_again(letters):
    """Short ones stand in the document as they are, long ones compressed."""
    told, reading = to_reading(version("10.5555/a1"))
    origin = replace(_ORIGIN, native_id="ä" * letters)
    document = to_document(pack_reading(reading), origin)
    assert document is not None
    assert decompress(document) == to_json((replace(told, provenance={"*": origin}),))
    for cut in (1, 30):
        with pytest.raises(CatalogError, match="damaged"):
            decompress(document[:-cut])


def test_a_reading_that_an_older_findings_kept_is_no_part_of_a_document():
    _, reading = to_reading(version("10.5555/a1"))
    assert to_document(compress(reading), _ORIGIN) is None


def test_what_is_cut_off_anywhere_is_damaged():
    _, reading = to_reading(version("10.5555/a1"))
    packed = pack_reading(reading)
    whole = len(compress(reading.removesuffix(b'"provenance":{}}')))
    for end in set(range(1, len(packed))) - {whole}:
        with pytest.raises(CatalogError, match="damaged"):
            decompress(packed[:end])
