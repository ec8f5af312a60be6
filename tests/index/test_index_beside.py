"""Work beside other work ends as it would have ended alone."""

import threading

import pytest

from index import beside
from index.beside import Work


def test_works_of_one_thread_are_done_in_turn_and_each_once() -> None:
    done: list[int] = []
    works = [Work(lambda number=number: done.append(number) or number) for number in range(3)]
    works[0].begin(*works[1:])
    works[1].begin(works[2])
    assert [work.result() for work in works] == [work.result() for work in works] == [0, 1, 2]
    assert done == [0, 1, 2]


def test_one_that_has_not_begun_is_done_by_who_asks() -> None:
    assert Work(threading.get_ident).result() == threading.get_ident()


def test_what_one_raises_is_raised_to_who_asks_and_the_next_is_done() -> None:
    failing, following = Work(lambda: 1 // 0), Work(lambda: 2)
    failing.begin(following)
    assert following.result() == 2
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            failing.result()


def test_where_no_thread_can_be_started_it_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(beside, "start_new_thread", full)
    first, then = Work(lambda: 1), Work(threading.get_ident)
    first.begin(then)
    assert (first.result(), then.result()) == (1, threading.get_ident())


def test_no_thread_is_started_for_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    work = Work(lambda: 1)
    work.result()
    monkeypatch.setattr(beside, "start_new_thread", pytest.fail)
    work.begin()
    assert work.result() == 1
