"""Abstracts of the API of bioRxiv and medRxiv: a paragraph to a line, what marked their parts half lost.

A label stands at the beginning of its paragraph, without a space before the text ("MethodsWe asked …"), and
lists, figures and small capitals have left the marks of a typesetter behind.
"""

import re

from crawler.records.sections import is_label, is_plain_summary

_FIGURE = re.compile(r"(?:Graphical abstract\s+)?O_(FIG|TBL)\b(?:.*?C_\1\b|.*)", re.DOTALL | re.IGNORECASE)
_STATED = re.compile(r"O_ST_ABS(.{1,80}?)C_ST_ABS")
_MARK = re.compile(r"[OC]_(?:LI|ST_ABS|TEXTBOX|QD|HTML)")
_CAPITALS = re.compile(r"[OC]_SCP(?:LOW|CAP)")
_GLUED = re.compile(r"[ \t]*([A-Z][a-z]+(?:(?: ?[/&,] ?| )[A-Za-z]?[a-z]+){0,5})(?=[A-Z0-9(“\"]|$)")
_PANEL = re.compile(
    r"evidence before this study|added value of this study|implications of all the available evidence",
    re.IGNORECASE,
)
"""What the Lancet asks authors to tell in a panel beside the abstract."""


def markup(abstract: str) -> str:
    """An abstract with its labels as headings, and without figures and marks.

    >>> markup("AimTo ask.\\nMethodsO_LIWe asked.C_LI")
    '<h4>Aim</h4>To ask.\\n<h4>Methods</h4>\\nWe asked.\\n'
    """
    if "O_" in abstract:
        abstract = _STATED.sub(r"<h4>\1</h4>", _FIGURE.sub(" ", _CAPITALS.sub("", abstract)))
        abstract = _MARK.sub("\n", abstract)
    first, *others = abstract.split("\n")
    rest = [_headed(line) for line in others]
    # A first label is never the only one: "DataSHIELD is a tool" begins with a name.
    if any("<h4>" in line for line in rest):
        first = _headed(first)
    return "\n".join([first, *rest])


def _headed(line: str) -> str:
    found = _GLUED.match(line)
    if found is None or not (is_label(found[1]) or is_plain_summary(found[1]) or _PANEL.fullmatch(found[1])):
        return line
    return f"<h4>{found[1]}</h4>{line[found.end() :]}"
