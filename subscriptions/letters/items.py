"""One thing that a letter tells, as values: HTML and plain text are made of these and of nothing else."""

from dataclasses import dataclass

from domain.digest import Digest, DigestStatus
from domain.licence import Licence
from domain.paper import Notice, NoticeKind, Paper, VersionKind
from domain.subscription import News, NewsKind
from subscriptions.letters.links import key_url, site_path
from subscriptions.letters.plain import line
from subscriptions.letters.wording import ENGLISH, Phrase, Words

LONGEST_TITLE = 300
_LONGEST_NAME = 120
_LONGEST_SAID = 700
_COUNTRIES = 3
_KINDS = {
    NoticeKind.RETRACTED: "stop",
    NoticeKind.WITHDRAWN: "stop",
    NoticeKind.CONCERN: "care",
    NoticeKind.CORRECTED: "plain",
}


@dataclass(frozen=True, slots=True)
class Tag:
    """Words about an item; `kind` (`stop`, `care`, `good`, `plain`) is their colour, never the only sign."""

    words: Phrase
    kind: str = "plain"


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead somewhere."""

    words: Phrase
    url: str


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that a letter tells."""

    title: Phrase
    url: str
    tags: tuple[Tag, ...] = ()
    means: tuple[Tag, ...] = ()
    """What has happened to it, and what that means."""
    says: tuple[Phrase, ...] = ()
    """What was found, in plain words."""
    dates: tuple[Phrase, ...] = ()
    """Until when something can be done."""
    facts: tuple[Phrase, ...] = ()
    links: tuple[Link, ...] = ()


def to_paper(
    news: News, paper: Paper, digest: Digest | None, other: Paper | None, words: Words, site: str
) -> Item:
    """A paper, as it is now.

    Args:
        digest: of the audience asked for; shown where it may still be read.
        other: the paper that reports results of this one's trial.
        site: the site's address, without a slash at its end.
    """
    url = site_path(site, "papers", paper.id)
    told = published(paper, digest)
    says = _says(told) if told else ()
    links = [Link(words("plain_words"), f"{url}/digest/{told.audience}")] if told and says else []
    links.append(Link(words("to_paper"), url))
    links += _notice_links(paper, words)
    means = _means(news, paper, words)
    if news.kind is NewsKind.RESULTS and other:
        means = (*means, Tag(words("results_means")))
        links.insert(0, Link(_title(other), site_path(site, "papers", other.id)))
    return Item(
        title=_title(paper),
        url=url,
        tags=_tags(news, paper, words),
        means=means,
        says=says,
        facts=_facts(paper, words),
        links=tuple(links),
    )


def published(paper: Paper, digest: Digest | None) -> Digest | None:
    """The digest where it may still be read."""
    if digest is None or digest.status is not DigestStatus.PUBLISHED:
        return None
    return digest if digest.source_hash == paper.source_hash else None


def notice_of(paper: Paper, kind: NoticeKind) -> Notice | None:
    """The notice of that kind: the one that names its record, or has a date, first."""
    found = [notice for notice in paper.notices if notice.kind is kind]
    return min(found, key=lambda one: (not key_url(one.identifier), not one.date), default=None)


def notice_link(notice: Notice, words: Words) -> Link | None:
    """Where a notice can be read."""
    url = key_url(notice.identifier)
    if not url:
        return None
    date = words.day(notice.date)
    return Link(words("notice_dated", date=date) if date else words("notice"), url)


def _title(paper: Paper) -> Phrase:
    version = paper.primary
    text = line(version.title, LONGEST_TITLE) or paper.id
    return Phrase(text, "" if version.language == "und" else version.language)


def _says(digest: Digest) -> tuple[Phrase, ...]:
    told: list[Phrase] = []
    length = 0
    for sentence in digest.gist:
        text = line(sentence.text, _LONGEST_SAID)
        length += len(text)
        if told and length > _LONGEST_SAID:
            break
        told.append(Phrase(text, digest.language))
    return tuple(told)


def _standing(paper: Paper) -> list[NoticeKind]:
    return [kind for kind in _KINDS if paper.has_notice(kind)]


def _tags(news: News, paper: Paper, words: Words) -> tuple[Tag, ...]:
    tags = [Tag(words(str(kind)), _KINDS[kind]) for kind in _standing(paper)]
    if news.kind in (NewsKind.VERSION, NewsKind.RESULTS):
        tags.append(Tag(words(str(news.kind)), "good"))
    if all(version.kind is VersionKind.PREPRINT for version in paper.versions):
        tags.append(Tag(words("preprint"), "care"))
    elif paper.primary.kind is VersionKind.ABSTRACT:
        tags.append(Tag(words("abstract")))
    return tuple(tags)


def _means(news: News, paper: Paper, words: Words) -> tuple[Tag, ...]:
    """The gravest notice in a sentence; that it was published, where that is the news."""
    standing = _standing(paper)
    means = [Tag(words(f"{kind}_means"), _KINDS[kind]) for kind in standing[:1]]
    if news.kind is NewsKind.VERSION:
        means.append(Tag(words("version_means")))
    return tuple(means)


def _notice_links(paper: Paper, words: Words) -> list[Link]:
    notices = [notice_of(paper, kind) for kind in _standing(paper)[:2]]
    return [link for notice in notices if notice and (link := notice_link(notice, words))]


def _facts(paper: Paper, words: Words) -> tuple[Phrase, ...]:
    version = paper.primary
    facts = [
        words.label("study_types", version.study_type) if version.study_type else Phrase(""),
        _authors(paper, words),
        Phrase(line(version.journal.title, _LONGEST_NAME)) if version.journal else Phrase(""),
        Phrase(words.day(version.published), words.language),
        _countries(paper, words),
        _licence(version.licence, words) if version.licence else Phrase(""),
    ]
    return tuple(fact for fact in facts if fact)


def _authors(paper: Paper, words: Words) -> Phrase:
    authors = paper.primary.authors
    if not authors:
        return Phrase("")
    name = line(authors[0].name, _LONGEST_NAME)
    if len(authors) == 1:
        return Phrase(name)
    return words.count("others", len(authors) - 1, name=name)


def _countries(paper: Paper, words: Words) -> Phrase:
    names = [words.label("countries", code) for code in paper.countries]
    if not names:
        return Phrase("")
    if len(names) > _COUNTRIES:
        shown = words("comma").text.join(name.text for name in names[: _COUNTRIES - 1])
        return words.count("more_countries", len(names) - _COUNTRIES + 1, names=shown)
    return Phrase(words("comma").text.join(name.text for name in names), names[0].language)


def _licence(licence: Licence, words: Words) -> Phrase:
    title = words.label("licences", licence.code).text
    version = f" {licence.version}" if licence.version and title.startswith("CC") else ""
    whole = (title + version).replace(" ", "\N{NO-BREAK SPACE}")
    return Phrase(whole, ENGLISH if title.startswith("CC") else words.language)
