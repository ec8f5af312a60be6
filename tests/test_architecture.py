"""The arrows between the rooms, and the one door per library, hold in every file."""

import ast
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MIDDLE = {"catalog", "conferences", "crawler", "index", "subscriptions", "summarizer"}
ROOMS = MIDDLE | {"config", "domain", "findings", "web"}

ARROWS = {
    "domain": set(),
    "config": {"domain"},
    **{room: {"config", "domain"} for room in MIDDLE},
    "web": {"config", "domain"} | MIDDLE,
    "findings": ROOMS,
}
"""Room → the other rooms it may import."""

DOORS = {
    "HanTa": ("summarizer/text/tagging.py",),
    "ahocorasick_rs": (
        "crawler/telling/hints.py",
        "summarizer/text/finding.py",
        "summarizer/text/sieve.py",
    ),
    "alembic": ("catalog/",),
    "apscheduler": ("findings/scheduling.py",),
    "argon2": ("web/",),
    "click": ("findings/",),
    "css_inline": ("subscriptions/",),
    "dkim": ("subscriptions/mail/",),
    "elasticsearch": ("index/elastic/door.py",),
    "feedparser": ("conferences/",),
    "flask": ("web/",),
    "flufl": ("subscriptions/mail/",),
    "gunicorn": ("findings/",),
    "icalendar": ("conferences/",),
    "itsdangerous": ("subscriptions/tokens.py",),
    "jinja2": ("web/", "subscriptions/"),
    "lxml": ("conferences/", "crawler/"),
    "onnx": ("summarizer/encoder",),
    "onnxruntime": ("summarizer/encoder",),
    "prometheus_client": ("web/metrics.py",),
    "protego": ("crawler/",),
    "pyotp": ("web/",),
    "recurring_ical_events": ("conferences/",),
    "rtoml": ("config/",),
    "safetensors": ("summarizer/encoder",),
    "scrapy": ("crawler/",),
    "segno": ("web/",),
    "sqlalchemy": ("catalog/",),
    "tantivy": ("index/",),
    "tokenizers": ("summarizer/encoder",),
    "torch": ("summarizer/models/generative.py",),
    "transformers": ("summarizer/models/generative.py",),
    "twisted": ("crawler/",),
    "urllib3": ("conferences/fetching.py",),
    "werkzeug": ("web/",),
}
"""Library → the only places that may import it; a folder ends in a slash."""

LIMIT = 400
"""Lines in a module."""


def modules() -> Iterator[Path]:
    """Every Python file of the rooms."""
    for room in sorted(ROOMS):
        yield from sorted((ROOT / room).rglob("*.py"))


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """Top-level package and line of each import in a file, those inside functions too."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((name.name.split(".")[0], node.lineno) for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: relative import"
            yield str(node.module).split(".")[0], node.lineno


def complaints(path: Path, place: str) -> Iterator[str]:
    """What is wrong with the imports of the file at `path`, judged as if it stood at `place`."""
    room = place.split("/")[0]
    for package, line in imports(path):
        if package in ROOMS and package != room and package not in ARROWS[room]:
            yield f"{place}:{line}: {room} may not import {package}"
        if package in DOORS and not place.startswith(DOORS[package]):
            yield f"{place}:{line}: {package} may be imported only in {' or '.join(DOORS[package])}"
        if room == "domain" and package not in _standard_library() | {"domain"}:
            yield f"{place}:{line}: domain imports the standard library only, not {package}"


def _standard_library() -> frozenset[str]:
    import sys

    return sys.stdlib_module_names


def test_arrows_and_doors() -> None:
    wrong = [c for path in modules() for c in complaints(path, path.relative_to(ROOT).as_posix())]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("place", "code", "complaint"),
    [
        ("crawler/x.py", "def f():\n    from index import open_index\n", "crawler/x.py:2: crawler may not"),
        ("domain/x.py", "import lxml.etree\n", "domain/x.py:1: domain imports the standard library"),
        ("web/x.py", "import sqlalchemy\n", "web/x.py:1: sqlalchemy may be imported only in catalog/"),
        ("index/x.py", "import findings.settings\n", "index/x.py:1: index may not import findings"),
    ],
)
def test_a_planted_fault_is_found(tmp_path: Path, place: str, code: str, complaint: str) -> None:
    planted = tmp_path / "x.py"
    planted.write_text(code, "utf-8")
    assert any(found.startswith(complaint) for found in complaints(planted, place))


def test_modules_stay_short() -> None:
    long = [str(path.relative_to(ROOT)) for path in modules() if len(path.read_text().splitlines()) > LIMIT]
    assert not long, f"over {LIMIT} lines: {long}"


def test_no_module_is_named_for_nothing() -> None:
    empty_names = {"utils", "util", "helpers", "helper", "manager", "common", "misc"}
    assert not [path for path in modules() if path.stem in empty_names]


def test_every_module_says_what_it_is() -> None:
    bare = [str(p.relative_to(ROOT)) for p in modules() if not ast.get_docstring(ast.parse(p.read_text()))]
    assert not bare


def test_our_package_names_are_ours_alone() -> None:
    owners = packages_distributions()
    others = {room: names for room in ROOMS if (names := set(owners.get(room, [])) - {"findings"})}
    assert not others, f"another distribution installs a package of our name: {others}"
