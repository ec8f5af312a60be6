"""A repository on this machine that speaks OAI-PMH 2.0, as the protocol has it and as servers get it wrong.

Invented records. It answers Identify, ListRecords, ListIdentifiers and GetRecord, and checks what is asked as
the protocol has it: unknown, repeated and missing arguments, a token beside others, days of another form.
"""

import base64
import binascii
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from crawler.replay import Fault, FaultKind, Replay, Reply, Request, mislead

DC = (
    '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/">{}</oai_dc:dc>'
)
_HEAD = (
    "<?xml version='1.0' encoding='UTF-8'?>\n"
    '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
    "<responseDate>{now}</responseDate><request{asked}>{base}</request>"
)
_LISTS = frozenset({"ListRecords", "ListIdentifiers"})
_ALLOWED: Mapping[str, frozenset[str]] = {
    "Identify": frozenset(),
    "GetRecord": frozenset({"identifier", "metadataPrefix"}),
    "ListRecords": frozenset({"from", "until", "set", "metadataPrefix", "resumptionToken"}),
    "ListIdentifiers": frozenset({"from", "until", "set", "metadataPrefix", "resumptionToken"}),
}
_DAY, _SECOND = re.compile(r"\d{4}-\d\d-\d\d"), re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


@dataclass(frozen=True)
class Kept:
    """A record of the repository; `metadata` by format."""

    identifier: str
    datestamp: str
    metadata: Mapping[str, str] = field(default_factory=dict)
    sets: tuple[str, ...] = ()
    deleted: bool = False


class Refused(Exception):
    """An error of the protocol."""

    def __init__(self, code: str, words: str = "") -> None:
        super().__init__(words)
        self.code, self.words = code, words


class OaiReplay(Replay):
    """Serves `records` in their order, `page` at a time."""

    path = "/oai"
    now = "2024-03-31T12:00:00Z"
    formats: tuple[str, ...] = ("oai_dc",)

    def __init__(
        self,
        records: Sequence[Kept],
        faults: Iterable[Fault] = (),
        *,
        page: int = 10,
        seconds: bool = True,
        counts: bool = True,
        closing: bool = True,
        error_status: int = 200,
        compressed: bool = True,
    ) -> None:
        super().__init__(faults, compressed=compressed)
        self.records = list(records)
        self.page, self.seconds, self.counts = page, seconds, counts
        self.closing, self.error_status = closing, error_status
        """Whether the last page has an empty token; the HTTP status of errors, 422 with some servers."""

    def refusal(self) -> Reply:
        """As the protocol refuses a token."""
        return self._error(Refused("badResumptionToken", "The resumption token has expired."))

    def answer(self, request: Request, fault: Fault | None) -> Reply:
        """The answer of a verb."""
        asked = dict(request.query)
        try:
            verb = asked.pop("verb", "")
            self._check(verb, asked)
            if verb == "Identify":
                return self._reply(self._identify(), {"verb": verb})
            if verb == "GetRecord":
                return self._reply(self._one(asked), {"verb": verb, **asked})
            return self._reply(self._list(verb, asked, fault), {"verb": verb, **asked})
        except Refused as refused:
            return self._error(refused)

    def _check(self, verb: str, asked: Mapping[str, str]) -> None:
        if verb not in _ALLOWED:
            raise Refused("badVerb", "Illegal verb")
        if odd := set(asked) - _ALLOWED[verb]:
            raise Refused("badArgument", f"illegal argument {sorted(odd)[0]}")
        if "resumptionToken" in asked and len(asked) > 1:
            raise Refused("badArgument", "resumptionToken is an exclusive argument")
        for name in ("from", "until"):
            form = _SECOND if self.seconds else _DAY
            if name in asked and not (_DAY.fullmatch(asked[name]) or form.fullmatch(asked[name])):
                raise Refused("badArgument", f"{name} is not in the granularity of this repository")
        if len({len(asked[name]) for name in ("from", "until") if name in asked}) > 1:
            raise Refused("badArgument", "from and until differ in granularity")

    def _identify(self) -> str:
        earliest = min((kept.datestamp for kept in self.records), default=self.now)
        form = "YYYY-MM-DDThh:mm:ssZ" if self.seconds else "YYYY-MM-DD"
        return (
            f"<Identify><repositoryName>Invented</repositoryName><baseURL>{self.base_url}</baseURL>"
            "<protocolVersion>2.0</protocolVersion><adminEmail>nobody@example.org</adminEmail>"
            f"<earliestDatestamp>{earliest}</earliestDatestamp><deletedRecord>persistent</deletedRecord>"
            f"<granularity>{form}</granularity></Identify>"
        )

    def _one(self, asked: Mapping[str, str]) -> str:
        for kept in self.records:
            if kept.identifier == asked.get("identifier"):
                return f"<GetRecord>{self._record(kept, asked.get('metadataPrefix', ''))}</GetRecord>"
        raise Refused("idDoesNotExist")

    def _list(self, verb: str, asked: Mapping[str, str], fault: Fault | None) -> str:
        sent = asked.get("resumptionToken")
        offset, given = self._resumed(sent) if sent else (0, dict(asked))
        prefix = given.get("metadataPrefix", "")
        if not prefix:
            raise Refused("badArgument", "metadataPrefix is missing")
        if prefix not in self.formats:
            raise Refused("cannotDisseminateFormat", prefix)
        found = [kept for kept in self.records if self._matches(kept, given)]
        if not found:
            raise Refused("noRecordsMatch")
        following = self.token(given, offset + self.page) if offset + self.page < len(found) else None
        shown = found[offset : offset + self.page]
        second, first = self.token(given, self.page), self.token(given, 0)
        following, shown = mislead(fault, sent, following, shown, second=second, other=first)
        make = self._header if verb == "ListIdentifiers" else lambda kept: self._record(kept, prefix)
        return (
            f"<{verb}>{''.join(map(make, shown))}{self._token(following, offset, len(found), fault)}</{verb}>"
        )

    def token(self, given: Mapping[str, str], offset: int) -> str:
        """A token as this server makes them."""
        return base64.urlsafe_b64encode(json.dumps([offset, dict(given)]).encode()).decode()

    def _resumed(self, sent: str) -> tuple[int, dict[str, str]]:
        try:
            offset, given = json.loads(base64.urlsafe_b64decode(sent))
        except (binascii.Error, ValueError) as error:
            raise Refused("badResumptionToken", "This is none of our tokens.") from error
        return offset, given

    def _token(self, following: str | None, offset: int, total: int, fault: Fault | None) -> str:
        counts = f' completeListSize="{total}" cursor="{offset}"' if self.counts else ""
        if following:
            return f"<resumptionToken{counts}>{following}</resumptionToken>"
        missing = fault is not None and fault.kind is FaultKind.NO_CURSOR
        if not offset or not self.closing or missing:
            return ""
        return f"<resumptionToken{counts}/>"

    def _matches(self, kept: Kept, given: Mapping[str, str]) -> bool:
        """A day as an `until` ends when it begins, where datestamps have seconds: some servers read it so."""
        wanted = given.get("set")
        inside = not wanted or any(one == wanted or one.startswith(f"{wanted}:") for one in kept.sets)
        return inside and given.get("from", "") <= kept.datestamp <= given.get("until", "9999")

    def _header(self, kept: Kept) -> str:
        status = ' status="deleted"' if kept.deleted else ""
        sets = "".join(f"<setSpec>{escape(one)}</setSpec>" for one in kept.sets)
        return (
            f"<header{status}><identifier>{escape(kept.identifier)}</identifier>"
            f"<datestamp>{kept.datestamp}</datestamp>{sets}</header>"
        )

    def _record(self, kept: Kept, prefix: str) -> str:
        metadata = "" if kept.deleted else f"<metadata>{kept.metadata.get(prefix, '')}</metadata>"
        return f"<record>{self._header(kept)}{metadata}</record>\n"

    def _error(self, refused: Refused) -> Reply:
        text = f"<error code={quoteattr(refused.code)}>{escape(refused.words)}</error>"
        return self._reply(text, {}, self.error_status)

    def _reply(self, inside: str, asked: Mapping[str, str], status: int = 200) -> Reply:
        given = "".join(f" {name}={quoteattr(value)}" for name, value in asked.items())
        body = _HEAD.format(now=self.now, asked=given, base=self.base_url) + inside + "</OAI-PMH>"
        return Reply(body.encode(), status, "text/xml;charset=UTF-8")


def dublin_core(number: int, **more: str) -> str:
    """An invented article in Dublin Core."""
    fields = {
        "title": f"Invented paper {number} on breast cancer",
        "creator": "Silva, Maria",
        "date": "2024-01-02",
        "type": "info:eu-repo/semantics/article",
        "language": "eng",
        "identifier": f"https://repository.example.org/item/{number}",
        "rights": "https://creativecommons.org/licenses/by/4.0/",
        **more,
    }
    return DC.format("".join(f"<dc:{name}>{escape(value)}</dc:{name}>" for name, value in fields.items()))


def invented(count: int, *, seconds: bool = True, a_day: int = 7, **options: Any) -> list[Kept]:
    """So many invented records, `a_day` of them on each day from 2024-01-01 on."""
    kept = []
    for number in range(1, count + 1):
        day = (date(2024, 1, 1) + timedelta(days=(number - 1) // a_day)).isoformat()
        stamp = f"{day}T10:00:{(number - 1) % a_day:02}Z" if seconds else day
        metadata = {"oai_dc": dublin_core(number)}
        kept.append(Kept(f"oai:repository.example.org:{number}", stamp, metadata, **options))
    return kept


def serve(count: int, faults: Iterable[Fault] = ()) -> OaiReplay:
    """A repository of so many invented articles."""
    return OaiReplay(invented(count), faults)
