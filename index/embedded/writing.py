"""The one writer of a generation: papers in, and in the same commit how far the index is up to date."""

import os
from collections.abc import Iterable
from itertools import chain, islice

import tantivy

from domain.collecting import rare_collections
from domain.identifiers import is_work_id
from domain.ports import Indexable
from index.contents import in_lots
from index.embedded.documents import Documents, checked_key, position_document
from index.embedded.schema import KEY, paper_key

_FEW = 256
"""So many papers are written by one thread, whose only segment is one less to search and merge."""
_MEMORY, _MEMORY_FEW = 128_000_000, 32_000_000
"""For each thread."""
_MOST_THREADS = 4
_MARKS = 16_777_213
"""A prime, so that neighbouring keys get marks of their own."""


class Writing:
    """Holds the lock that keeps other writers out until it is closed."""

    def __init__(self, index: tantivy.Index, documents: Documents, *, few: bool) -> None:
        threads = 1 if few else min(_MOST_THREADS, _cores())
        memory = _MEMORY_FEW if few else _MEMORY * threads
        self._documents = documents
        self._writer = index.writer(memory, threads)
        # A writer killed in a commit leaves a file that the next commit would stumble over.
        self._writer.garbage_collect_files()

    def apply(self, upserts: Iterable[Indexable], deletes: Iterable[str]) -> None:
        """Take changes; nothing is seen of them before `commit`. Papers are indexed while more are read."""
        writer = self._writer
        for paper_id in deletes:
            if is_work_id(paper_id):
                writer.delete_documents_by_term(KEY, paper_key(paper_id))
        with rare_collections():
            for together in in_lots(upserts):
                keys = [checked_key(item.paper.id) for item in together]
                for key, document in zip(keys, self._documents.papers(together, keys), strict=True):
                    self.replace(key)
                    writer.add_json(document)

    def replace(self, key: int) -> None:
        """Have the paper's last document removed."""
        self._writer.delete_documents_by_term(KEY, key)

    def commit(self, position: int, positions: tantivy.Query) -> None:
        """Make all changes durable and move to `position`; `positions` finds the document that told it."""
        self._writer.delete_documents_by_query(positions)
        self._writer.add_document(position_document(position))
        self._writer.commit()

    def rollback(self) -> None:
        """Forget what was not committed."""
        self._writer.rollback()

    def close(self) -> None:
        """Wait for what is still being merged, and let go of the lock."""
        self._writer.wait_merging_threads()


class Filling(Writing):
    """Writes a new generation that nobody reads yet, so one commit at the end will do."""

    def __init__(self, index: tantivy.Index, documents: Documents) -> None:
        super().__init__(index, documents, few=False)
        self._marks = bytearray(_MARKS)
        self.position: int | None = None
        """Where the changes taken so far lead; None when all are committed."""

    def replace(self, key: int) -> None:
        """The same, but only where there may be one: a removal costs about as much as a short paper."""
        mark = key % _MARKS
        if self._marks[mark]:
            super().replace(key)
        self._marks[mark] = 1


def _cores() -> int:
    """How many this process may use, where the system tells; macOS does not."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def peek(upserts: Iterable[Indexable]) -> tuple[Iterable[Indexable], bool]:
    """The same papers, and whether they are few."""
    papers = iter(upserts)
    first = list(islice(papers, _FEW))
    return chain(first, papers), len(first) < _FEW
