"""A page read strictly: what a forgiving browser would mend in silence is a complaint here."""

from html.parser import HTMLParser

VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]
)
SHAPES = frozenset({"path", "circle"})
BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "details",
        "div",
        "dl",
        "fieldset",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "header",
        "hr",
        "main",
        "nav",
        "ol",
        "p",
        "search",
        "section",
        "table",
        "ul",
    ]
)
INTERACTIVE = frozenset({"a", "button", "select", "summary", "label"})


class StrictPage(HTMLParser):
    """Elements in order, and complaints."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.complaints: list[str] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(html)
        self.close()
        self.complaints += [f"<{tag}> is never closed" for tag in self._open]
        self._check_references()
        self._check_headings()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._start(tag, attrs)
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._start(tag, attrs)
        if tag not in VOID | SHAPES:
            self.complaints.append(f"<{tag}/> may not close itself")

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open[-1] != tag:
            self.complaints.append(f"</{tag}> at {self.getpos()} but open are {self._open[-3:]}")
        if tag in self._open:
            del self._open[len(self._open) - 1 - self._open[::-1].index(tag) :]

    def handle_data(self, data: str) -> None:
        if not set(self._open) & {"script", "style"}:
            self.text += data

    def _start(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        if len(set(names)) != len(names):
            self.complaints.append(f"<{tag}> repeats an attribute: {names}")
        if tag in BLOCKS and "p" in self._open:
            self.complaints.append(f"<{tag}> inside <p> at {self.getpos()}")
        if tag in INTERACTIVE and set(self._open) & (INTERACTIVE - {"label"}):
            self.complaints.append(f"<{tag}> inside {self._open[-3:]} at {self.getpos()}")
        if tag == "li" and (not self._open or self._open[-1] not in {"ul", "ol"}):
            self.complaints.append(f"<li> outside a list at {self.getpos()}")
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def _check_references(self) -> None:
        ids = [attrs["id"] for _, attrs in self.elements if "id" in attrs]
        self.complaints += [f"id {name!r} is used twice" for name in {i for i in ids if ids.count(i) > 1}]
        wanted = [
            target
            for _, attrs in self.elements
            for target in (
                *attrs.get("aria-labelledby", "").split(),
                *attrs.get("for", "").split(),
                *([attrs["href"][1:]] if attrs.get("href", "").startswith("#") else []),
            )
        ]
        self.complaints += [f"#{target} does not exist" for target in wanted if target not in ids]
        labelled = {attrs.get("for") for tag, attrs in self.elements if tag == "label"}
        self.complaints += [
            f"<{tag} name={attrs.get('name')!r}> has no label"
            for tag, attrs in self.elements
            if tag in {"input", "select"}
            and attrs.get("type") not in {"checkbox", "hidden"}
            and attrs.get("id") not in labelled
        ]

    def _check_headings(self) -> None:
        levels = [int(tag[1]) for tag, _ in self.elements if tag in {"h1", "h2", "h3", "h4"}]
        if levels.count(1) != 1:
            self.complaints.append(f"{levels.count(1)} <h1>")
        first = levels.index(1) if 1 in levels else 0
        for before, after in zip(levels[first:], levels[first + 1 :], strict=False):
            if after > before + 1:
                self.complaints.append(f"<h{after}> follows <h{before}>")
