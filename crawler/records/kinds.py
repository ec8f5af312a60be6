"""Words by which sources call what a record is: a paper, of which kind, or none.

Repositories have each their own, in many languages; a few come from vocabularies that all share.
"""

import re

from domain.paper import Journal, VersionKind

_WORD = re.compile(r"[^a-z0-9]+")
_NEW_WORD = re.compile(r"(?<=[a-z])(?=[A-Z])")
_UNACCENTED = str.maketrans("áàâãäçéèêíîóôõöúüñ", "aaaaaceeeiioooouun")
_UNNAMED = frozenset({"other", "outro", "outros", "otro", "otros", "autre"})
_NO_PAPERS = """dataset datasets data software image stillimage movingimage photo photograph video audio sound
    film map interactiveresource collection physicalobject event service website webpage lesson lecture
    learningobject course teachingresource patent etd book bookpart bookchapter chapter monograph report
    technicalreport annualreport projectreport internalreport newspaperarticle musicalscore musicalnotation
    cartographicmaterial archivalmaterial manuscriptmap conferenceproceedings clinicaltrial workflow model
    model3d researchprotocol magazine poem interview libro capitulodelibro informe livre rapport"""
_DEGREE_WORKS = """thesis theses dissertation dissertations habilitation hochschulschrift these memoire tesis
    tesina tese dissertacao tesi skripsi disertasi tez tezi proefschrift avhandling doktoravhandling
    vaitoskirja bachelorarbeit masterarbeit diplomarbeit doktorarbeit bachelorthesis masterthesis
    mastersthesis doctoralthesis phdthesis"""
_THESES = frozenset(_DEGREE_WORKS.split())
"""Words of which one makes a type that of a thesis, whatever stands beside it."""
_FINAL_WORKS = ("trabajodegrado", "trabajofinde", "trabalhodeconclusao", "trabalhofinalde")
"""How types begin that go on with a degree: "Trabajo de grado - Maestría"."""
_PAPERS = """article articles journalarticle journalpaper researcharticle originalarticle originalresearch
    peerreviewedarticle publishedarticle review reviewarticle literaturereview editorial letter
    lettertotheeditor casereport shortcommunication articulo artigo artigodeperiodico
    articulocientifico articulooriginal articulorevisadoporpares artigooriginal artikel
    articlederevue articolo datapaper dataarticle researchpaper conferencepaper proceedingspaper
    contributiontoperiodical contributiontojournal journalcontribution bookreview commentary
    comment"""
_PREPRINTS = "preprint preprints workingpaper submittedmanuscript eprint discussionpaper"
_ABSTRACTS = """conferenceobject conferenceabstract meetingabstract abstract conferenceposter poster
    conferencepresentation presentation conferencecontribution conferenceitem conferenceorworkshopitem
    posterpresentation oralpresentation resumo resumen"""
_WORDS_OF = {
    VersionKind.PREPRINT: _PREPRINTS,
    VersionKind.ARTICLE: _PAPERS,
    VersionKind.ABSTRACT: _ABSTRACTS,
}
"""The kinds, the one before the others where a record names several."""
_KINDS = {word: kind for kind, words in _WORDS_OF.items() for word in words.split()}
_COAR = {
    "c_6501": "journalarticle",
    "c_2df8fbb1": "researcharticle",
    "c_dcae04bc": "reviewarticle",
    "c_beb9": "datapaper",
    "c_b239": "editorial",
    "c_545b": "lettertotheeditor",
    "c_816b": "preprint",
    "c_8042": "workingpaper",
    "c_5794": "conferencepaper",
    "c_6670": "conferenceposter",
    "c_c94f": "conferenceobject",
    "r60j-j5bd": "conferencepresentation",
    "c_f744": "conferenceproceedings",
    "c_46ec": "thesis",
    "c_7a1f": "bachelorthesis",
    "c_bdcc": "masterthesis",
    "c_db06": "doctoralthesis",
    "c_2f33": "book",
    "c_3248": "bookpart",
    "c_93fc": "report",
    "c_18gh": "technicalreport",
    "c_18ws": "report",
    "c_ddb1": "dataset",
    "c_5ce6": "software",
    "c_c513": "image",
    "c_12ce": "video",
    "c_18cc": "sound",
    "c_8544": "lecture",
    "c_15cd": "patent",
}
"""Types of the Confederation of Open Access Repositories, by the last part of their addresses."""
_PREPRINT_SERVERS = re.compile(
    r"(?:bio|med)Rxiv(?: ?: the preprint server for [a-z ]+)?|(?:Chem|PsyA|Tech|a)rxiv|OSF Preprints"
    r"|SSRN(?: Electronic Journal)?|Res(?:earch)? Sq(?:uare)?|Preprints(?:\.org)?|Authorea(?: Preprints)?",
    re.IGNORECASE,
)


def kind_of(types: tuple[str, ...]) -> VersionKind | None:
    """The kind that the types say; None where they say none.

    A conference object is taken for an abstract, a conference paper for an article.
    """
    said = {_KINDS.get(type_word(text)) for text in types}
    return next((kind for kind in _WORDS_OF if kind in said), None)


def other_than_paper(types: tuple[str, ...], *, in_journal: bool) -> str:
    """The type that makes a record no paper: theses, books, reports, data and media; "" for a paper.

    A record that is also called an article, preprint or abstract is one. What is called only "other" is a
    paper where a journal is named; in general repositories it is data and software most of the time.
    """
    if kind_of(types):
        return ""
    no_papers = set(_NO_PAPERS.split()) if in_journal else set(_NO_PAPERS.split()) | _UNNAMED
    return next((text for text in types if type_word(text) in no_papers or is_thesis(text)), "")


def is_thesis(text: str) -> bool:
    """Whether a type is that of a thesis, in whatever vocabulary or language of repositories.

    >>> is_thesis("info:eu-repo/semantics/doctoralThesis"), is_thesis("Hypothesis")
    (True, False)
    """
    words = _NEW_WORD.sub(" ", text).casefold().translate(_UNACCENTED)
    whole = type_word(text)
    is_named = not _THESES.isdisjoint((whole, *_WORD.split(words)))
    return is_named or whole.startswith(_FINAL_WORKS)


def type_word(text: str) -> str:
    """A type as one word in small letters, without the vocabulary it stands in.

    >>> type_word("info:eu-repo/semantics/Journal Article"), type_word("http://purl.org/coar/resource_type/c_816b")
    ('journalarticle', 'preprint')
    """
    last = text.casefold().translate(_UNACCENTED).rpartition("/")[2]
    return _COAR.get(last) or _WORD.sub("", last)


def type_name(text: str) -> str:
    """A type without the vocabulary it stands in."""
    return text.rpartition("/")[2] if text.startswith(("info:", "http")) else text


def is_on_preprint_server(journal: Journal | None) -> bool:
    """Whether what is called an article, as in the files and pages of bioRxiv and medRxiv, is a preprint.

    >>> is_on_preprint_server(Journal("Research Square")), is_on_preprint_server(Journal("Research"))
    (True, False)
    """
    return journal is not None and _PREPRINT_SERVERS.fullmatch(journal.title) is not None
