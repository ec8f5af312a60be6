"""Names and dates as sources write them. All are invented."""

import time

import pytest

from crawler.records.dates import written_date
from crawler.records.names import natural_people, natural_person, parts_of_name, person


@pytest.mark.parametrize(
    ("given", "parts"),
    [
        (("Smith", "Jr., John", ""), ("Smith", "John", "Jr.")),
        (("Smith", "John, Jr.", ""), ("Smith", "John", "Jr.")),
        (("Smith Jr", "John A.", "Jr."), ("Smith", "John A.", "Jr")),
        (("Smith, III", "John", ""), ("Smith", "John", "III")),
        (("Okafor, MD", "Ada", ""), ("Okafor", "Ada", "")),
        (("Okafor", "Ada", "MD, PhD"), ("Okafor", "Ada", "")),
        (("Li", "JiaQi", ""), ("Li", "JiaQi", "")),
        (("Kim", "II Woo", ""), ("Kim", "II Woo", "")),
        (("Neto", "", ""), ("Neto", "", "")),
        (("Silva", "João", "Filho"), ("Silva", "João", "Filho")),
        (("Silva", "João", "Jr., MD"), ("Silva", "João", "Jr.")),
        (("Silva", "João", "JR"), ("Silva", "João", "JR")),
        (("SILVA", "JOÃO", "NETO"), ("SILVA", "JOÃO", "NETO")),
        (("Rahman", "Md. Abdur", ""), ("Rahman", "Md. Abdur", "")),
        (("Lind", "EuroNet-C1", ""), ("Lind", "EuroNet-C1", "")),
        (("Okafor1,2", "Ada *", ""), ("Okafor", "Ada", "")),
        (("Suharto", "-", ""), ("Suharto", "", "")),
    ],
)
def test_parts_of_names_are_found_wherever_they_stand(given, parts):
    assert parts_of_name(*given) == parts


@pytest.mark.parametrize(
    ("name", "whole", "family"),
    [
        ("Smith, John, Jr.", "John Smith Jr.", "Smith"),
        ("John Smith, Jr.", "John Smith Jr.", "Smith"),
        ("John Smith III", "John Smith III", "Smith"),
        ("Dr. Eva García", "Eva García", "García"),
        ("Prof. Dr. med. Eva van der Berg", "Eva van der Berg", "van der Berg"),
        ("Ada Okafor, MD, PhD", "Ada Okafor", "Okafor"),
        ("Lind, Bea, MSc", "Bea Lind", "Lind"),
        ("Bea Lind, PhD", "Bea Lind", "Lind"),
        ("*Bea Lind†", "Bea Lind", "Lind"),
        ("Okafor, Ada B., 1970-", "Ada B. Okafor", "Okafor"),
        ("MacInvented,, L. E.", "L. E. MacInvented", "MacInvented"),
        # What may be initials or given names stays.
        ("Lind, MD", "MD Lind", "Lind"),
        ("Li, JiaQi", "JiaQi Li", "Li"),
        ("García López, Ana María", "Ana María García López", "García López"),
        ("Drew Lind", "Drew Lind", "Lind"),
        ("Le Roux, Jean-Luc", "Jean-Luc Le Roux", "Le Roux"),
        ("van der Berg, JoAnn", "JoAnn van der Berg", "van der Berg"),
        ("van Dam, A.M.Th.", "A.M.Th. van Dam", "van Dam"),
        ("Dr. Nobody", "Dr. Nobody", "Nobody"),
        ("EuroNet-C1", "EuroNet-C1", ""),
        ("Ada Lind, Jr., Bea Novak, Eva García", "Ada Lind, Jr., Bea Novak, Eva García", ""),
        ("Invented Group, Dr. Nobody, MD, PhD", "Invented Group, Dr. Nobody, MD, PhD", ""),
    ],
)
def test_what_is_no_part_of_a_name_is_left_out(name, whole, family):
    author = natural_person(name)
    assert author is not None
    assert (author.name, author.family) == (whole, family)


def test_commas_alone_are_nobody():
    assert person(" ,\u3000, ") is None


def test_a_name_in_parts_keeps_its_suffix_behind():
    author = person("", family="Smith", given="John, Jr.")
    assert author is not None
    assert (author.name, author.given) == ("John Smith Jr.", "John")


@pytest.mark.parametrize(
    ("names", "read"),
    [
        ("Ada Novak, Bea Lind, Eva García", ["Ada Novak", "Bea Lind", "Eva García"]),
        ("Ada Novak, Bea Lind, and Eva García", ["Ada Novak", "Bea Lind", "Eva García"]),
        ("Ada Novak, JiaQi McLind, Mei-Ling García", ["Ada Novak", "JiaQi McLind", "Mei-Ling García"]),
        ("Novak A., Fifth E.E., Lind B.-C.", ["A Novak", "EE Fifth", "B-C Lind"]),
        ("Lind, Bea", ["Bea Lind"]),
        ("Ada Novak, MD, PhD", ["Ada Novak"]),
        ("Novak, A., Lind, B. C.", ["A. Novak", "B. C. Lind"]),
        ("Novak, A., y Lind, B.", ["A. Novak", "B. Lind"]),
        ("Ramón y Cajal, S., Lind, B.", ["S. Ramón y Cajal", "B. Lind"]),
        ("Lind, A., MD", ["A. Lind"]),
        ("Lind, A., Jr., M.D.", ["A. Lind Jr."]),
        ("A. B. Lind, C. Novak", ["A. B. Lind", "C. Novak"]),
        ("Lind, A., PhD, R.N.", ["A. Lind"]),
        ("LIND, A., M.D., F.A.C.S.", ["A. LIND"]),
        ("Ada Lind, M. D., M. P. H.", ["Ada Lind, M. D., M. P. H."]),
        ("Ada Novak and Jo van der Berg", ["Ada Novak", "Jo van der Berg"]),
        ("Ada Novak & Bea Lind", ["Ada Novak", "Bea Lind"]),
        ("Novak, Ada; Lind, Bea;", ["Ada Novak", "Bea Lind"]),
        ("Novak A; Fifth EE; Lind B;", ["A Novak", "EE Fifth", "B Lind"]),
        ("Novak A and Fifth EE", ["A Novak", "EE Fifth"]),
        ("Brit D, W. V.", ["W. V. Brit D"]),
        ("National Oceanic and Invented Administration", ["National Oceanic and Invented Administration"]),
        ("Wei LI and Bo WU", ["Wei LI", "Bo WU"]),
        ("Invented A Group and Other B", ["Invented A Group and Other B"]),
        ("Novak, A.; Fifth, E.E.; Lind, B.", ["A. Novak", "E.E. Fifth", "B. Lind"]),
        ("Min-Ji KIM, Soo-Jin LEE, Bo LI", ["Min-Ji KIM", "Soo-Jin LEE", "Bo LI"]),
        # One name, or that of a group or an office.
        ("Novak and Lind", ["Novak and Lind"]),
        ("Invented Breast and Ovarian Cancer Consortium", ["Invented Breast and Ovarian Cancer Consortium"]),
        ("Ministry of Health and Social Care", ["Ministry of Health and Social Care"]),
    ],
)
def test_several_people_in_one_text(names, read):
    assert [author.name for author in natural_people(names)] == read


@pytest.mark.parametrize(
    ("given", "day"),
    [
        ("April 3rd, 2021", "2021-04-03"),
        ("03-Apr-2021", "2021-04-03"),
        ("2021 Apr 3", "2021-04-03"),
        ("2021 Apr", "2021-04"),
        ("Sat, 03 Apr 2021 00:00:00 GMT", "2021-04-03"),
        ("13/04/2021", "2021-04-13"),
        ("04/13/2021", "2021-04-13"),
        ("3.4.2021", "2021-04-03"),
        ("04/2021", "2021-04"),
        ("2021-04-03/2021-05-01", "2021-04-03"),
        ("03/04/2021", "2021"),
        ("Spring 2021", "2021"),
        ("c2021", "2021"),
        ("2008-2019", "2008"),
        ("31 April 2021", "2021-04"),
        ("3-5 April 2021", "2021-04-03"),
        ("April 3–5, 2021", "2021-04-03"),
        ("30 April to 2 May 2021", "2021-04-30"),
        ("April 30 - May 2, 2021", "2021-04-30"),
        ("30 Dec - 2 Jan 2021", "2021"),
        ("3-Apr-21", "2021-04-03"),
        ("3-Apr-98", "1998-04-03"),
        ("03-04-2021", "2021"),
    ],
)
def test_written_dates(given, day):
    assert written_date(given) == day


@pytest.mark.parametrize(
    "piece", ["*", "Dr ", "Dr.", "Dr. med. ", " ", "1,", ", ", "Jr, ", "A. ", "MD, ", "Ab ", "and "]
)
@pytest.mark.parametrize("end", ["", "x", " x y"])
def test_hostile_names_are_read_in_no_time(piece, end):
    started = time.process_time()
    for name in (piece * 5_000 + end, "Ada " + piece * 5_000 + end):
        natural_people(name)
        parts_of_name(name, name, name)
        written_date(name)
    assert time.process_time() - started < 2
