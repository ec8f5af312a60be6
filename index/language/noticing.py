"""Finds the wordings of things in texts, all words of many papers at once.

Python takes longer over one word than numpy over a hundred, so it reads only those that begin as they must
and have none of the forms that are expected.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from string import ascii_letters, digits
from typing import NamedTuple

import numpy as np

from index.fields import Kind
from index.language.lexicon import Keys, Places, Sieve, Table, Text
from index.language.wordings import NONE, Wordings, Words

_KEPT = 100_000
_LONGEST = 80
"""Bytes of a word that is stemmed at most."""
_EDGE = "\xff"
"""The word around texts, over which no wording goes on. No text in UTF-8 has that byte."""
_SIGNS = re.compile(r"[^\x00-\x7f\w]")
_OF_WORDS = frozenset(f"{ascii_letters}{digits}".encode()) | frozenset(range(0x80, 0x100))
_PLAIN = bytes(byte if byte in _OF_WORDS else 32 for byte in range(256)).lower()
_SALT = np.uint64(0xC2B2AE3D27D4EB4F)
"""Odd, and unlike what words are."""
_FIRST, _FIRST_BITS = np.uint64(0xFFFF_FFFF), 16
"""Four letters tell the first words of wordings from most others."""
_LETTERS, _LETTER = 3, 5
_BESIDE, _BESIDE_BITS = np.uint64(0x1F1F1F), 20
"""Three of five bits each tell words that may stand beside a first one."""


class Noticed(NamedTuple):
    """What is named in texts, in the order in which it stands there."""

    starts: Places
    ends: Places
    """From where to where, in bytes of all texts one behind the other."""
    names: Places
    texts: Places
    """In which of the texts."""


class Noticing:
    """Looks for wordings."""

    def __init__(self, worded: Iterable[tuple[str, int]], words: Words, fold: Callable[[str], str]) -> None:
        """Of wordings, with the numbers of what they name; the functions are the analyser of the index."""
        self._fold = fold
        self._stems = _Stems(words)
        wordings = Wordings(worded, words)
        nodes, branches, forms = wordings.nodes, wordings.branches, wordings.forms
        self._firsts, self._lasts = _row(node.first for node in nodes), _row(node.last for node in nodes)
        self._names = _padded([node.names for node in nodes])
        self._named = self._names[:, 0] != NONE
        self._branch = _row(node.branch for node in nodes)
        self._other = _row(branch.other for branch in branches)
        self._distances = _row(branch.distance for branch in branches)
        self._salts = np.arange(len(branches), dtype=np.uint64) * _SALT
        """Makes the keys of words unlike where branches are."""
        self._nodes = [branch.nodes for branch in branches]
        self._reach = 1 + int(np.abs([*self._firsts, *self._lasts]).max(initial=0))
        """No word of a wording is so far from the first."""
        self._around = " ".join([_EDGE] * (self._reach - 1))
        """With the edge beside it, as many of them as none reaches over."""
        self._longest = max((len(form.encode()) for some in forms.values() for form in some), default=0)
        roots = Text.of(wordings.roots)
        self._roots = Table(roots.keys(self._longest), _row(wordings.roots.values()))
        self._may_be_first = Sieve(roots.begun & _FIRST, _FIRST_BITS)
        beside = [(stem, n, node) for n, branch in enumerate(branches) for stem, node in branch.nodes.items()]
        rows = [(form, n, node) for stem, n, node in beside for form in forms[stem]]
        text, salts = Text.of(form for form, _, _ in rows), self._salts[_row(n for _, n, _ in rows)]
        self._beside = Table(text.keys(self._longest) + salts, _row(node for _, _, node in rows))
        # What has one form among all that we make is a word that no ending changes.
        begun = [
            _beginnings(wordings.beginning(stem)) + self._salts[n]
            for stem, n, _ in beside
            if len(forms[stem]) > 1
        ]
        self._may_be_beside = Sieve(np.concatenate(((text.begun & _BESIDE) + salts, *begun)), _BESIDE_BITS)

    def find(self, texts: Sequence[str]) -> Noticed:
        """What is named in these texts."""
        text = self._read(texts)
        at = self._may_be_first.passing(text.begun & _FIRST)
        known, nodes = self._roots.find(text.keys(self._longest, at))
        at, nodes = at[known], nodes[known]
        noticed, branches = [(at, nodes)], self._branch.take(nodes)
        while (some := branches != NONE).any():
            at, branches = at[some], branches[some]
            found, nodes = self._follow(text, at, branches)
            noticed.append((at[found], nodes))
            at = np.concatenate((at, at[found]))
            branches = np.concatenate((self._other.take(branches), self._branch.take(nodes)))
        at, nodes = (np.concatenate(column) for column in zip(*noticed, strict=True))
        return self._noticed(text, at, nodes)

    def _read(self, texts: Sequence[str]) -> Text:
        """The words of texts in small letters, with spaces in place of signs."""
        if not all(map(str.isascii, texts)):
            texts = [text if text.isascii() else self._plain(text) for text in texts]
        # As Latin-1, a byte for each letter, they are joined quicker than bytes are.
        joined = f" {_EDGE} ".join((self._around, *texts, self._around))
        return Text(joined.encode("latin-1").translate(_PLAIN))

    def _plain(self, text: str) -> str:
        """In UTF-8, read as Latin-1."""
        return _SIGNS.sub(" ", self._fold(text).lower()).encode("utf-8", "replace").decode("latin-1")

    def _follow(self, text: Text, at: Places, branches: Places) -> tuple[Places, Places]:
        """Which of these branches lead on, where first words stand at `at`, and to which nodes."""
        words, salts = at + self._distances.take(branches), self._salts.take(branches)
        fit = self._may_be_beside.passing((text.begun.take(words) & _BESIDE) + salts)
        words = words[fit]
        known, nodes = self._beside.find(text.keys(self._longest, words) + salts[fit])
        late = np.flatnonzero(~known)
        starts, ends = text.starts[words[late]].tolist(), text.ends[words[late]].tolist()
        for place, start, end, branch in zip(
            late.tolist(), starts, ends, branches[fit[late]].tolist(), strict=True
        ):
            node = self._nodes[branch].get(self._stems[text.text[start:end]])
            if node is not None:
                known[place], nodes[place] = True, node
        return fit[known], nodes[known]

    def _noticed(self, text: Text, at: Places, nodes: Places) -> Noticed:
        """What nodes name, where first words stand at `at`."""
        named = np.flatnonzero(self._named.take(nodes))
        at, nodes = at[named], nodes[named]
        first, last = at + self._firsts.take(nodes), at + self._lasts.take(nodes)
        edges = (text.begun == ord(_EDGE)).cumsum()
        within = np.flatnonzero(edges.take(first) == edges.take(last))
        names = self._names[nodes[within]].ravel()
        some = np.flatnonzero(names != NONE)
        names, rows = names[some], within[some // self._names.shape[1]]
        first, last = first[rows], last[rows]
        # By the first word, the last and the name, as one number; there are a few rising runs of them.
        order = np.argsort((first * 2 * self._reach + last - first) * self._names.size + names, kind="stable")
        first, last = first[order], last[order]
        return Noticed(text.starts[first], text.ends[last], names[order], edges[first] - self._reach)


class _Stems(dict[bytes, str]):
    """The stems of words as texts have them; none for what is no word, or more than one."""

    def __init__(self, words: Words) -> None:
        super().__init__()
        self._words = words

    def __missing__(self, word: bytes) -> str:
        if len(word) > _LONGEST:
            return ""
        if len(self) >= _KEPT:
            self.clear()
        found = self._words(Kind.TEXT, word.decode("utf-8", "replace"))
        stem = self[word] = found[0][1] if len(found) == 1 else ""
        return stem


def _row(values: Iterable[int]) -> Places:
    return np.array([*values], np.intp)


def _padded(rows: Sequence[Sequence[int]]) -> Places:
    """A table with a row for each, filled up with `NONE`."""
    width = max(map(len, rows), default=1)
    return _row(value for row in rows for value in (*row, *[NONE] * (width - len(row)))).reshape(-1, width)


def _beginnings(letters: str) -> Keys:
    """What `_BESIDE` leaves of all words that begin so."""
    begun = letters.encode()[:_LETTERS]
    keys: Keys = np.array([int.from_bytes(begun, "little")], np.uint64) & _BESIDE
    for place in range(len(begun), _LETTERS):
        any_letter = np.arange(1 << _LETTER, dtype=np.uint64) << np.uint64(8 * place)
        keys = (keys[:, None] | any_letter).ravel()
    return keys
