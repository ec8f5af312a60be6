"""Field names that readers bring from Europe PMC and PubMed, and what we make of those that we do not have.

A name may be one of our fields; or be close to one, and a note says how it differs; or ask for something that
we cannot tell: then the condition is left out, which a note says too. That does less harm than searching
`IN_EPMC:y` as words, which finds nothing.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from index.fields import find_fields
from index.language.limits import Condition, served

Fields = tuple[str, ...]


def _nothing(_: str) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Habit:
    """What a field name stands for."""

    fields: Fields | None
    """Ours; none of them for "anywhere", None for a condition that is left out."""
    note: str = ""
    """What the reader should know about it."""
    served: Callable[[str], Condition | None] = _nothing
    """Of a condition that is otherwise left out: what says the same as a value of it."""


def find_habit(name: str) -> Habit | None:
    """What `name`, in any capitals, stands for; None where nobody knows such a field."""
    folded = " ".join(name.lower().split())
    bare = _SUFFIX.sub("", folded)
    for form in (bare, bare.replace(" ", "_"), bare.replace("_", " ")):
        if habit := _HABITS.get(form):
            return habit
        if (fields := find_fields(form)) is not None:
            return Habit(fields, _NARROWER if fields == ("mesh",) and not folded.endswith(":noexp") else "")
    return None


def is_heading(name: str) -> bool:
    """Whether that word with a colon may as well be the heading of a part of an abstract."""
    return name.lower() in _HEADINGS


_PARTS = (
    "abstract aim aims background case concl conclusion conclusions data design discuss discussion fig "
    "figure intro introduction keyword keywords methods objective objectives other purpose ref results "
    "series setting source status suppl table text version"
)
_HEADINGS = frozenset(_PARTS.split())
_SUFFIX = re.compile(r":(?:noexp|~\d{0,4})$")
"""PubMed's "not the narrower headings" and "at most so many words apart"."""


def _out(what: str, served: Callable[[str], Condition | None] = _nothing) -> Habit:
    return Habit(None, f"{what}, so this condition was left out.", served)


_NARROWER = "A MeSH heading was read as written: papers with only a narrower heading are not included."
_DATES = "We know only when a paper was published, so this date was read as that one."
_ANYWHERE = "We do not search this part of a paper by itself, so it was looked for everywhere."
_CORRESPONDING = "Of the corresponding author’s address we can ask for the country only."
_SOURCES = {"med": "article", "pmc": "article", "ppr": "preprint"}


def _source(name: str) -> Condition | None:
    kind = _SOURCES.get(name.casefold())
    return ("kind", kind) if kind else None


_ROWS: tuple[tuple[Habit, str], ...] = (
    (
        Habit(("title",)),
        "titl, title words, article title, intitle",
    ),
    (
        Habit(("authors",)),
        "author name, author full name, fau, inauthor, auth_collective_list, corporate author, corp_author, "
        "investigator, ir, fir, collaborator",
    ),
    (
        Habit(("publication_type",)),
        "ptyp, type, article_type, document_type",
    ),
    (
        Habit(("cancer_type",)),
        "tumour_type, tumor_type",
    ),
    (
        Habit(("orcid",)),
        "author identifier, author_id",
    ),
    (
        Habit(("affiliation",)),
        "org, inst, author affiliation",
    ),
    (
        Habit(("journal",)),
        "so, source title, journal title, journal_title, iso_abbrev",
    ),
    (
        Habit(("mesh",)),
        "subheading, sh, subh, mesh subheading, mesh:noexp",
    ),
    (
        Habit(("keywords",)),
        "other term, author keyword, keyword_group",
    ),
    (
        Habit(("abstract",)),
        "abs",
    ),
    (
        Habit(("title", "abstract")),
        "title_abstract, abs_title, ti_ab",
    ),
    (
        Habit(("title", "abstract", "keywords")),
        "ti_ab_kw",
    ),
    (
        Habit(("pmcid",)),
        "pmc_id, pmcid and mid, mid",
    ),
    (
        Habit(("grant", "funder")),
        "grants and funding, grant number, grantid",
    ),
    (
        Habit(("trial",)),
        "trial_id",
    ),
    (
        Habit(("trial", "dataset")),
        "si, accession_id, secondary source id, secondary_source_id",
    ),
    (
        Habit(("corresponding_country",), _CORRESPONDING),
        "corpaddr, corresponding author, corr_author, reprint address",
    ),
    (
        Habit(("doi",)),
        "article identifier, location id",
    ),
    (
        Habit(("year",)),
        "py, pubyear, publication year, year of publication, year_cluster, year_published",
    ),
    (
        Habit(("date",)),
        "date_published",
    ),
    (
        Habit(()),
        "textword, text words, any field, anywhere, intext",
    ),
    (
        Habit(("authors",), "We do not tell first and last authors apart, so all authors were searched."),
        "1au, first author, auth_first, author - first, lastau, last author, auth_last, author - last",
    ),
    (
        Habit(("mesh",), "All MeSH headings were searched, not only a paper's major topics."),
        "majr, mesh major topic, major_mesh, mj",
    ),
    (
        Habit(("date",), _DATES),
        "edat, crdt, mhda, dcom, lr, entrez date, entry date, date - entry, date - entrez, date - "
        "create, create date, date - completion, completion date, date - mesh, mesh date, date - "
        "modification, modification date, epdat, ppdat, creation_date, update_date, index_date, "
        "first_idate, first_idate_d, p_pdate_d, e_pdate_d, ft_cdate, ft_idate, embargo_date",
    ),
    (
        Habit((), _ANYWHERE),
        "rn, ec/rn number, ps, pa, pharmacological action, "
        "personal name as subject, chebiterm, chebi_term, gene_protein, goterm, go_term, "
        "organism, experimental_method, intro, methods, results, discuss, concl, case, abbr, "
        "ack_fund, auth_con, comp_int, suppl, table, fig, appendix, back, back_noref, body, other, "
        "ref, transliterated title, tt, resource_name, body - all words, body - key terms, "
        "figure/table caption",
    ),
    (
        _out("We tell only articles (MED) and preprints (PPR) apart", _source),
        "src, source",
    ),
    (
        _out("We do not have this filter of PubMed", served),
        "sb, filter, subset",
    ),
    (
        _out("We do not keep full texts"),
        "in_epmc, in_pmc, epmc_auth_man, nih_auth_man, auth_man, has_ft, has_text, has_pdf, "
        "has_free_fulltext, has_fulltext, has_suppl, has_reflist",
    ),
    (
        _out("We do not keep links to databases"),
        "has_tm, has_xrefs, has_labslinks, has_book, has_embl, has_uniprot, has_pdb, "
        "has_omim, has_chembl, has_chebi, has_interpro, has_intact, has_arxpr, has_crd, has_doi, "
        "labs_pubs, uniprot_pubs, embl_pubs, accession_type, annotation_type, ann_type, annotation_provider",
    ),
    (
        _out("We do not ask for other versions of a paper"),
        "has_preprint, has_published_version",
    ),
    (
        _out("ORCID iDs are the only ids of authors that we have"),
        "authorid_type",
    ),
    (
        _out("We do not know what each author did"),
        "author_role",
    ),
    (
        _out("We do not count citations"),
        "cited, cited_by, reffed_by, citation_count, scholarly_citations_count, references_count, "
        "patent_citations_count, citation_id",
    ),
    (
        _out("The order is chosen beside the results"),
        "sort_date, sort_cited, sort_title, sort",
    ),
    (
        _out("This is for searching the web"),
        "site, filetype, ext, inurl, related, cache, info, link, url",
    ),
    (
        _out("We do not have this limit", served),
        "lim, limit, limits, field_of_study, author_count",
    ),
    (
        _out("We do not have this filter of the Virtual Health Library"),
        "db, instance, collection, collection_gim, pais_afiliacao, pais_assunto, type_of_study, "
        "clinical_aspect, fulltext",
    ),
    (
        _out("This is a setting of another service"),
        "resulttype, synonym, pagesize, page_size, format, cursormark",
    ),
    (
        _out("We do not search by volume, issue or page"),
        "vi, ip, pg, volume, issue, page_info, pagination",
    ),
    (
        _out("We do not search by publisher"),
        "isbn, book_id, publisher, pubn, book, series, pl, place of publication",
    ),
    (
        _out("We do not have this number"),
        "jid, nlm unique id, journal_subj, grant_agency_id, org_id, erc, version",
    ),
)
_HABITS: Mapping[str, Habit] = MappingProxyType(
    {name.strip(): habit for habit, names in _ROWS for name in names.split(",")}
)
