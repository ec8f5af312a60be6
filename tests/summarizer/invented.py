"""An invented study, and a digester that tells it in its own words: there is no such drug."""

from domain.digest import Audience, Digest, DigestSentence, DigestStatus, Role
from domain.evidence import Evidence
from domain.facts import Fact, FactKind, FactTable

STORY = (
    (Role.BACKGROUND, "Bowel cancer is a common cause of death."),
    (Role.METHOD, "Forty mice with bowel tumours were given velorin for 6 weeks."),
    (Role.RESULT, "Tumours shrank in 31 of 40 mice given velorin."),
    (Role.RESULT, "Weight did not differ between the groups."),
    (Role.MEANING, "Velorin may slow the growth of bowel tumours in mice."),
    (Role.LIMIT, "No people were studied."),
)
WORDS = " ".join(text for _, text in STORY)


def is_fixed(digest, paper):
    """Whether a digest is the one of `Fixed`, by name too."""
    return digest == Fixed().digest(paper, digest.audience)


class Fixed:
    """A digester that tells the invented story in its own words."""

    name = "extractive/15"

    def digest(self, paper, audience):
        version = paper.primary
        text = version.abstract().text
        sentences = []
        for role, words in STORY:
            start = text.index(words)
            evidence = Evidence(version.source_hash, start, start + len(words), words)
            sentences.append(DigestSentence(words, role, evidence))
        return Digest(
            paper.id,
            audience,
            self.name,
            paper.source_hash,
            "2026-01-01",
            DigestStatus.PUBLISHED,
            tuple(sentences),
        )

    def facts(self, paper):
        whole = self.digest(paper, Audience.PUBLIC).sentences[2].evidence
        part = Evidence(whole.version, whole.start, whole.start + 14, "Tumours shrank")
        return FactTable(whole.version, (Fact(FactKind.RESULT, part.text, part),))
