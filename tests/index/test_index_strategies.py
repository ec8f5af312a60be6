"""Strategies of systematic reviews as their databases print them, and how much of a long one is read."""

import time

import pytest

from domain.query import And, Node, Not, Or, Phrase, Query, Range, Word
from index.language.parsing import MAX_LIST, parse_query
from index.language.tidy import MAX_STARS, MAX_WORDS


def texts_of(node: Node | None) -> set[str]:
    match node:
        case And(parts) | Or(parts):
            return set().union(*map(texts_of, parts))
        case Not(part):
            return texts_of(part)
        case Word(text) if text:
            return {text}
    return set()


NODULE_AND_GROWTH = And((Word("nodule"), Word("growth")))


@pytest.mark.parametrize(
    "text",
    [
        "1     nodule.mp. [mp=title, name of substance] (1,234)\n2     growth.mp. (22)\n3     1 and 2 (5)",
        "1 nodule.mp. (1234)\n2 growth.mp. (22)\n3 1 and 2 (5)\n4 remove duplicates from 3 (4)",
        "Database: Invented <1946 to 2023>\n-----\n1 nodule.mp.\n2 growth.mp.\n3 1 and 2\n*********",
        "#1 nodule\n#2 #1 AND growth",
        "# 1 ALL=(nodule)\n# 2 ALL=(growth)\n# 3 #1 AND #2",
        "S1 nodule\nS2 growth\nS3 S1 AND S2",
        "#3 #1 AND #2\n#2 growth\n#1 nodule",
        "No. Query Results\n#3 #1 AND #2 512\n#2 growth 8,012\n#1 nodule 120",
        "1\tnodule.mp.\t12000\n2\tgrowth.mp.\t1900\n3\t1 and 2\t300",
        "#1 nodule\n#2 growth\n#3 #1 and #2 in Trials",
        "#1 nodule#2 growth#3 #1 and #2",
        "#1: nodule #2: growth #3: #1 AND #2",
        "1     nodule.mp. (12)2     growth.mp. (22)3     1 and 2 (5)",
    ],
)
def test_lines_are_put_together_however_they_are_printed(text):
    reading = parse_query(text)
    assert reading.node == NODULE_AND_GROWTH
    assert any("put together" in note for note in reading.notes)
    assert any("Limits" in note for note in reading.notes) == ("Cochrane" in text or "Trials" in text)
    assert any("before the first" in note for note in reading.notes) == (
        "Database" in text or "Results" in text
    )


def test_a_line_may_ask_for_more_than_earlier_lines():
    text = "#1 'nodule'/exp OR nodule:ti,ab,kw,tn\n#2 growth\n#3 (#1 AND #2) NOT 'editorial'/it"
    found = parse_query(text).node
    assert isinstance(found, And)
    assert found.parts[1:] == (Not(Word("editorial", "publication_type")),)


@pytest.mark.parametrize(
    "text",
    [
        *("1. Aims\n2. Methods of S1 and 2", "see #1 and #2\nand so on", "1. Growth S6\n2. S1 and S6 kinase"),
        *("#1 nodules in trials#2 one of #7", "#1 reason for nodules", "T2 N1 M0 nodule", "nodule N3 growth"),
    ],
)
def test_what_is_no_strategy_stays(text):
    reading = parse_query(text)
    assert not any("put together" in note for note in reading.notes)
    assert "&" not in repr(reading.node)


@pytest.mark.parametrize(
    ("limit", "years"),
    [
        ('limit 2 to yr="2015 -Current"', Range("year", 2015, None)),
        ('limit 2 to (humans and yr="2010 - 2020")', Range("year", 2010, 2020)),
        ("limit 2 to yr=2015", Range("year", 2015, 2015)),
    ],
)
def test_a_limit_to_years_is_one(limit, years):
    reading = parse_query(f"1. nodule.mp.\n2. 1 and growth.mp.\n3. {limit}")
    assert reading.node == And((And((Word("nodule"), Word("growth"))), years))
    assert any("Limits" in note for note in reading.notes) == ("humans" in limit)


def test_a_line_may_begin_with_the_number_of_another():
    lines = "1. nodule.mp.\n2. {}\n3. 1 or 2"
    assert parse_query(lines.format("1 and growth.ti.")).node == Or(
        (Word("nodule"), And((Word("nodule"), Word("growth", "title"))))
    )
    assert "nodule" not in str(parse_query(lines.format("1 and 2 knots.ti.")).node.parts[1])
    assert "nodule" not in str(parse_query(lines.format("1 or more knots.ti.")).node.parts[1])


def test_a_number_that_is_asked_for_stays():
    found = parse_query("#1 nodule\n#2 growth 2020\n#3 #1 AND #2 AND 5555").node
    assert {"2020", "5555"} <= texts_of(found)


def test_how_ebsco_asks_of_title_and_abstract():
    lines = "TI nodul* N3 growth OR AB nodul* N3 growth", "TI ( knots OR lumps ) OR AB ( knots OR lumps )"
    text = f"S1 {lines[0]}\nS2 {lines[1]}\nS3 S1 AND S2"
    reading = parse_query(text)
    assert texts_of(reading.node) == {"nodul", "growth", "knots", "lumps"}
    assert any("near" in note for note in reading.notes)
    assert parse_query("TI nodule OR AB growth").node == parse_query("title:nodule OR abstract:growth").node


def test_lines_that_grow_too_long_are_told():
    lines = ["nodule " * 40, *(f"{n} or {n}" for n in range(1, 12))]
    reading = parse_query("\n".join(f"{n}. {line}" for n, line in enumerate(lines, 1)))
    assert any("too long" in note for note in reading.notes)


def strategy(lines: int) -> str:
    """As many numbered lines of alternatives, then all of them together."""
    each = (
        f'(word{n}x* or growth{n}x or other{n}x or nodule{n}x or "knot of {n}").ti,ab.' for n in range(lines)
    )
    written = [f"{n}. {line}" for n, line in enumerate(each, 1)]
    half = lines // 2
    rest = [f"or/1-{half}", f"or/{half + 1}-{lines}", f"{lines + 1} and {lines + 2}"]
    return "\n".join([*written, *(f"{n}. {line}" for n, line in enumerate(rest, lines + 1))])


def test_a_strategy_of_thousands_of_letters_is_read_whole(index):
    text = strategy(100)
    assert len(text) > 6_000
    reading = parse_query(text)
    assert isinstance(reading.node, And)
    assert {"word0x", "growth99x"} <= texts_of(reading.node)
    assert not any("left out" in note or "stars" in note for note in reading.notes)
    began = time.process_time()
    page = index.search(Query(text))
    assert time.process_time() - began < 1
    assert page.total == 0


@pytest.mark.parametrize("size", [MAX_WORDS - 1, MAX_WORDS, MAX_WORDS + 1])
def test_what_is_left_out_of_a_longer_one_is_told(size):
    reading = parse_query("(" + " OR ".join(f"w{n}x" for n in range(size)) + ")")
    assert len(texts_of(reading.node)) == min(size, MAX_WORDS)
    told = [note for note in reading.notes if "left out" in note]
    assert bool(told) == (size > MAX_WORDS)
    assert all(f"w{MAX_WORDS - 1}x” was left out" in note for note in told)


def test_a_phrase_that_is_cut_is_told():
    text = " OR ".join(f"w{n}x" for n in range(MAX_WORDS - 1)) + ' OR "two words"'
    assert any("behind “two”" in note for note in parse_query(text).notes)


def test_of_a_plain_list_fewer_words_are_read():
    reading = parse_query(" ".join(f"w{n}x" for n in range(MAX_LIST + 1)))
    assert len(texts_of(reading.node)) == MAX_LIST
    assert any(f"w{MAX_LIST - 1}x” was left out" in note for note in reading.notes)


@pytest.mark.parametrize(("letters", "counts"), [(2, 4), (3, 2), (4, 1), (9, 1)])
def test_the_shorter_the_beginnings_the_fewer_are_looked_for(letters, counts):
    words = [f"{n:0{letters}d}" for n in range(10 ** min(letters, 3))]
    reading = parse_query(" OR ".join(f"{word[-letters:]}*" for word in words[: MAX_STARS + 1]))
    assert isinstance(reading.node, Or)
    beginnings = sum(isinstance(part, Word) and part.prefix for part in reading.node.parts)
    assert beginnings == min(MAX_STARS // counts, len(words))
    assert any("stars" in note for note in reading.notes) == (beginnings < len(words[: MAX_STARS + 1]))


@pytest.mark.parametrize("piece", ["TI a OR AB a ", "TI a ", "#1 #2 ", "1 (", "\n#1 S2", "1. 2\n", "& a of "])
def test_long_texts_of_such_pieces_are_read_soon(piece):
    began = time.process_time()
    parse_query(piece * (60_000 // len(piece)))
    assert time.process_time() - began < 4


@pytest.mark.parametrize(
    ("text", "same", "strict"),
    [
        ("head & neck cancer", "head and neck cancer", False),
        ("bone & soft tissue growths in the nodule", "bone and soft tissue growths in the nodule", False),
        ("skin & growth: myth or fact?", "skin and growth, myth or fact", False),
        ("nodule & growth", "nodule AND growth", True),
        ("nodule[ti] & growth of skin", "nodule[ti] AND growth of skin", True),
    ],
)
def test_a_sign_for_and_is_the_word_in_names_and_sentences(text, same, strict):
    reading = parse_query(text)
    assert reading.node == parse_query(same).node
    assert reading.strict == strict


def test_fields_of_ebsco_that_are_asked_of_one_alone():
    reading = parse_query(
        'S1 TI nodul*\nS2 AB "lung cysts"\nS3 DE "Screening" AND TI (cysts OR nodules)\nS4 S1 OR S2 OR S3'
    )
    assert isinstance(reading.node, Or)
    first, second, third = reading.node.parts
    assert first == Word("nodul", "title", prefix=True)
    assert second == Phrase("lung cysts", "abstract")
    assert third == parse_query('"Screening" AND title:(cysts OR nodules)').node


@pytest.mark.parametrize(
    "text", ["TI alloy implants", "group AB (blood) nodules", "TI-RADS nodules", 'so de "Silva" wrote']
)
def test_letters_that_are_no_fields_of_ebsco_stay_words(text):
    found = str(parse_query(text).node)
    assert "'title'" not in found
    assert "'abstract'" not in found
    assert any(name in found for name in ("'TI'", "'AB'", "'TI-RADS'", "'de'"))


def test_a_sign_for_and_keeps_lines_apart():
    lines = ["#3 #1 AND #2", "#2 radiotherapy", "#1 head & neck cancer"]
    told = parse_query("\n".join(lines))
    assert told.node == parse_query("\n".join(reversed(lines))).node
    assert "#" not in str(told.node)


@pytest.mark.parametrize("line", ["or/1-6", "3 and 4", "(1 or 2) not 3", "{or #1-#5}"])
def test_numbers_of_earlier_lines_alone_ask_for_nothing(line):
    reading = parse_query(line)
    assert reading.node is None
    assert any("earlier searches" in note for note in reading.notes)


@pytest.mark.parametrize("words", ["grades 3 and 4", "2019 or 2020", "3"])
def test_other_numbers_are_looked_for(words):
    assert parse_query(words).node is not None
