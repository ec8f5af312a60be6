"""Many strings looked for in one pass over a text."""

from collections.abc import Iterable

from ahocorasick_rs import AhoCorasick


class Finder:
    """Finds each of `strings` wherever it stands, over others and within words too."""

    def __init__(self, strings: Iterable[str]) -> None:
        self._automaton = AhoCorasick(list(strings))

    def places(self, text: str) -> list[tuple[int, int, int]]:
        """For each string found its number, its start and its end in `text`."""
        # Lone surrogates from broken sources are no Unicode; each is taken for one ordinary character.
        whole = text if text.isascii() else text.encode("utf-8", "replace").decode()
        return self._automaton.find_matches_as_indexes(whole, overlapping=True)
