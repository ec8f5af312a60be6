"""Reads queries with operators, quotes, fields, tags or brackets."""

import re
from dataclasses import dataclass, field
from itertools import groupby

from domain.paper import unique
from domain.query import And, Node, Not, Or, Phrase, Range, Synonyms, Word
from index.fields import FIELD, HOLD_DOIS, Kind
from index.language.grammar import Mark, Token
from index.language.habits import Fields, Habit, find_habit
from index.language.leaves import dated, is_text, joined, plain_word, to_node, undated, wanted
from index.language.periods import find_period
from index.language.tidy import MIN_PREFIX
from index.language.values import together
from index.language.widening import Widener

_APART = "Words in quotes with a star: they were looked for anywhere, not only next to each other."
_LAST = re.compile(r"(?i)last \d+ \w+")
_NUMBERS = (Kind.NUMBER, Kind.DATE)


@dataclass(slots=True)
class _Group:
    """What stands between two brackets, as far as it has been read."""

    habit: Habit | None = None
    """The field that the whole bracket was asked of."""
    negated: bool = False
    alternatives: list[list[Node]] = field(default_factory=lambda: [[]])
    words: list[str] = field(default_factory=list)
    """The loose words read last: a tag after them applies to all, and together they may name one thing."""
    negate: bool = False
    dangling: str = ""
    """The operator just read, while nothing follows it."""
    skipped: bool = False
    """A condition was left out that operators may stand beside."""

    def add(self, node: Node) -> None:
        if self.negate:
            node = node.part if isinstance(node, Not) else Not(undated(node))
        self.negate, self.dangling = False, ""
        self.alternatives[-1].append(node)

    def skip(self) -> None:
        self.negate, self.dangling, self.skipped = False, "", True

    def node(self) -> Node | None:
        parts = [joined(And, items) for items in self.alternatives if items]
        node = joined(Or, unique(parts)) if parts else None
        return Not(undated(node)) if node and self.negated else node


class Reader:
    """Reads tidied tokens from left to right, with a stack of the brackets that are open."""

    def __init__(self, widener: Widener, notes: list[str]) -> None:
        self._widener, self._notes = widener, notes
        self._stack = [_Group()]
        self._habit: Habit | None = None
        """The field just named, while its value is awaited."""
        self._name = ""

    @property
    def _group(self) -> _Group:
        return self._stack[-1]

    def read(self, found: list[Token]) -> Node | None:
        """The tree of a whole text."""
        for token in found:
            if self._habit and token.mark not in _VALUES:
                self._unanswered()
            _STEPS[token.mark](self, token.text)
        if self._habit:
            self._unanswered()
        self._finish()
        return self._group.node()

    def _unanswered(self) -> None:
        """A field without a value is a word like others."""
        self._notes.append(f"Nothing follows “{self._name}:”, so it was searched as a word.")
        self._habit = None
        self._word(self._name)

    def _finish(self) -> None:
        self._flush()
        if operator := self._group.dangling:
            self._notes.append(f"Nothing follows “{operator}”, so it was left out.")

    # Values.

    def _field(self, name: str) -> None:
        self._habit, self._name = find_habit(name), name

    def _word(self, text: str) -> None:
        if self._habit is None:
            self._group.words.append(text)
            return
        self._flush()
        self._values([text], self._taken())

    def _phrase(self, text: str) -> None:
        self._flush()
        if "*" in text and (node := self._begun(text)):
            self._group.add(node)
        elif _says(text):
            self._value(text, self._taken(), phrase=True)
        else:
            self._habit = None

    def _begun(self, text: str) -> Node | None:
        """Words in quotes of which some have a star: the others stay together."""
        habit = self._habit or self._group.habit
        fields = habit.fields if habit else ()
        if fields is None or not is_text(fields):
            return None
        runs = ((starred, list(run)) for starred, run in groupby(text.split(), lambda word: "*" in word))
        pieces = [piece for starred, run in runs for piece in (run if starred else [" ".join(run)])]
        nodes = [to_node(piece, fields, phrase=" " in piece) for piece in pieces if _says(piece)]
        found = [node for node in nodes if node is not None]
        if len(found) > 1:
            self._notes.append(_APART)
        self._say(self._taken())
        return joined(And, found) if found else None

    def _doi(self, text: str) -> None:
        self._flush()
        habit = self._taken()
        named = tuple(name for name in (habit.fields if habit else None) or () if name in HOLD_DOIS)
        node = to_node(text, named, phrase=True) if named else None
        self._group.add(node or Word(text, "doi"))

    def _taken(self) -> Habit | None:
        """The field that the next value is asked of: one just named, or that of the bracket."""
        habit, self._habit = self._habit, None
        return habit or self._group.habit

    def _flush(self) -> None:
        words, self._group.words = self._group.words, []
        if words:
            self._values(words, self._group.habit)

    def _values(self, words: list[str], habit: Habit | None) -> None:
        """Words of one field, or of none: there they may be widened."""
        if habit and (habit.fields is None or not is_text(habit.fields)):
            for text in together(FIELD[habit.fields[0]], words) if habit.fields else words:
                self._value(text.replace("*", "") if " " in text else text, habit, phrase=" " in text)
            return
        self._say(habit)
        fields = habit.fields if habit else None
        if not fields and (found := find_period(words)):
            start, end, period = found
            told = joined(And, [plain_word(word) for word in words[start:end]])
            years = Or((Range("year", period.low, period.high), told))
            nodes = [*self._loose(words[:start]), years, *self._loose(words[end:])]
        else:
            nodes = self._loose(words)
        for node in nodes:
            self._group.add(_placed(node, fields) if fields else dated(node))

    def _loose(self, words: list[str]) -> list[Node]:
        """Loose words as nodes: behind a NOT they are one, while a `-` is of the first thing alone."""
        group = self._group
        alone = group.dangling == "-"
        nodes = self._widener.nodes(words, denied=group.negate and alone)
        return [joined(And, nodes)] if nodes and group.negate and not alone else nodes

    def _value(self, text: str, habit: Habit | None, *, phrase: bool) -> None:
        self._say(habit)
        if habit is None:
            node = to_node(text, (), phrase=phrase)
        elif habit.fields is None:
            node = self._condition(habit, text)
        else:
            node = to_node(text, habit.fields, phrase=phrase) or self._unreadable(text, habit.fields, phrase)
        if node is not None:
            self._group.add(node)

    def _condition(self, habit: Habit, text: str) -> Node | None:
        """A condition that we do not have, unless we happen to have that very value of it."""
        if served := habit.served(text):
            field, value = served
            return to_node(value, (field,), phrase=" " in value)
        self._notes.append(habit.note)
        self._group.skip()
        return None

    def _unreadable(self, text: str, fields: Fields, phrase: bool) -> Node | None:
        self._notes.append(f"“{text}” is not {wanted(fields)} that we know, so it was searched as words.")
        return to_node(text, (), phrase=phrase)

    def _say(self, habit: Habit | None) -> None:
        if habit and habit.note and habit.fields is not None:
            self._notes.append(habit.note)

    # Brackets and operators.

    def _open(self, _: str) -> None:
        self._flush()
        outer = self._group
        self._stack.append(_Group(self._taken(), outer.negate))
        outer.negate = False

    def _close(self, _: str) -> None:
        self._finish()
        inner = self._stack.pop()
        node = inner.node()
        if node is not None:
            self._group.add(node)
        elif inner.skipped:
            self._group.skip()

    def _both(self, operator: str) -> None:
        self._join(operator)

    def _either(self, operator: str) -> None:
        if self._join(operator):
            self._group.alternatives.append([])

    def _join(self, operator: str) -> bool:
        """Whether there is something for an operator to join."""
        self._flush()
        group = self._group
        ready = (bool(group.alternatives[-1]) or group.skipped) and not group.dangling
        if ready:
            group.dangling = operator
        else:
            self._notes.append(f"There is nothing for “{operator}” to join, so it was left out.")
        return ready

    def _without(self, operator: str) -> None:
        self._flush()
        self._group.negate, self._group.dangling = not self._group.negate, operator

    # Tags.

    def _tag(self, name: str) -> None:
        """PubMed's way: the field stands behind the loose words, or behind one phrase or bracket."""
        habit = find_habit(name) or Habit(())
        group = self._group
        if not group.words or group.habit:
            self._flush()
            self._retag(name, habit)
            return
        keep = self._count(habit)
        run = group.words[len(group.words) - keep :]
        group.words = group.words[: len(group.words) - keep]
        self._flush()
        self._tagged(run, habit)

    def _count(self, habit: Habit) -> int:
        """How many of the loose words a tag applies to: all, but a year is one word."""
        words = self._group.words
        if not habit.fields or FIELD[habit.fields[0]].kind not in _NUMBERS:
            return len(words)
        return 3 if _LAST.fullmatch(" ".join(words[-3:])) else 1

    def _tagged(self, words: list[str], habit: Habit) -> None:
        fields = habit.fields
        if fields == ("mesh",) and "/" in words[-1].rstrip("/"):
            self._value(" ".join(words), habit, phrase=True)
        elif fields is not None and is_text(fields):
            self._say(habit)
            self._group.add(joined(And, [_placed(node, fields) for node in self._widener.nodes(words)]))
        elif (
            fields
            and len(words) > 1
            and any(map(_is_beginning, words))
            and FIELD[fields[0]].kind is Kind.NAME
        ):
            self._values(words, habit)  # in a phrase no star works
        elif len(words) > 1:
            self._value(" ".join(words).replace("*", ""), habit, phrase=True)
        else:
            self._value(words[0], habit, phrase=False)

    def _retag(self, name: str, habit: Habit) -> None:
        """A tag behind something that is read already."""
        group = self._group
        items = group.alternatives[-1]
        if not items or group.dangling:
            self._notes.append(f"There is nothing before “[{name}]” that it could apply to.")
            return
        if habit.fields is not None:
            self._say(habit)
            items[-1] = self._moved(undated(items[-1]), habit.fields)
            return
        last = items.pop()
        if isinstance(last, Phrase) and last.field is None:
            self._value(last.text, habit, phrase=True)
        else:
            self._notes.append(habit.note)
            group.skip()

    def _moved(self, node: Node, fields: Fields) -> Node:
        """`node`, asked of `fields` wherever it was asked of none."""
        match node:
            case And(parts):
                return And(tuple(self._moved(part, fields) for part in parts))
            case Or(parts):
                return Or(tuple(self._moved(part, fields) for part in parts))
            case Not(part):
                return Not(self._moved(part, fields))
            case Synonyms(written=text, field=None) if not is_text(fields):
                return self._asked(node, text, fields, phrase=True)
            case Word(text, None, prefix) if not is_text(fields):
                return self._asked(node, text + "*" * prefix, fields, phrase=False)
            case Phrase(text, None) if not is_text(fields):
                return self._asked(node, text, fields, phrase=True)
        return _placed(node, fields)

    def _asked(self, node: Node, text: str, fields: Fields, *, phrase: bool) -> Node:
        return to_node(text, fields, phrase=phrase) or self._unreadable(text, fields, phrase) or node


def _says(text: str) -> bool:
    return any(character.isalnum() for character in text)


def _is_beginning(word: str) -> bool:
    return sum(map(str.isalnum, word.partition("*")[0])) >= MIN_PREFIX and "*" in word


def _placed(node: Node, fields: Fields) -> Node:
    """A leaf, or several, asked of fields of text if asked of none."""
    if isinstance(node, And):
        return And(tuple(_placed(part, fields) for part in node.parts))
    if isinstance(node, Word | Phrase | Synonyms) and node.field is None and fields:
        return joined(Or, [_in(node, name) for name in fields])
    return node


def _in(node: Word | Phrase | Synonyms, name: str) -> Node:
    match node:
        case Word(text, _, prefix):
            return Word(text, name, prefix)
        case Phrase(text):
            return to_node(text, (name,), phrase=True) or node
        case Synonyms(key, label, wordings, written, source):
            return Synonyms(key, label, wordings, written, source, name)


_VALUES = {Mark.WORD, Mark.PHRASE, Mark.OPEN, Mark.INTERVAL, Mark.DOI}
_STEPS = {
    Mark.WORD: Reader._word,
    Mark.PHRASE: Reader._phrase,
    Mark.INTERVAL: Reader._word,
    Mark.DOI: Reader._doi,
    Mark.FIELD: Reader._field,
    Mark.TAG: Reader._tag,
    Mark.OPEN: Reader._open,
    Mark.CLOSE: Reader._close,
    Mark.AND: Reader._both,
    Mark.OR: Reader._either,
    Mark.NOT: Reader._without,
}
