"""What a lesson says, as frozen values. What its names mean `mmviz.state.lessons` knows.

No code is in a lesson: an answer is an expression of a closed grammar over named quantities of the
session, so that every number is computed when it is asked for and none is stored.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

FORMAT = 1
SOURCE = "en"  # the language every text has

Scalar = bool | int | float | str
StepKind = Literal["predict", "investigate", "modify", "make"]
Form = Literal["choice", "number", "click"]
Relation = Literal["=", "!=", "<", "<=", ">", ">=", "between"]

Changes = tuple[tuple[str, Any], ...]
"""Of a session, by the keys of `changes.KEYS`, in the order they are written; hashable."""

Said = tuple[tuple[str, str], ...]
"""A text by language, English among them."""


@dataclass(frozen=True, slots=True)
class Const:
    """A number or a word as it is written."""

    value: Scalar


@dataclass(frozen=True, slots=True)
class Named:
    """A quantity by its name, `cell[0,0]` with arguments "0" and "0"; of the session with changes,
    which nobody sees.
    """

    name: str
    arguments: tuple[str, ...] = ()
    changes: Changes = ()

    def __str__(self) -> str:
        return f"{self.name}[{','.join(self.arguments)}]" if self.arguments else self.name


@dataclass(frozen=True, slots=True)
class Combined:
    """Of ratio and difference two parts, of sum two or more; same: whether two are equal."""

    by: Literal["ratio", "difference", "sum", "same"]
    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Search:
    """The least, or the most, of the numbers `over` that holds `where` when the session has it at
    `key`. monotone: once it holds it goes on holding, so that halving finds it.
    """

    by: Literal["least", "most"]
    key: str
    over: range | tuple[int, ...]
    where: Condition
    monotone: bool = False


Expression = Const | Named | Combined | Search


@dataclass(frozen=True, slots=True)
class Condition:
    """What holds or not. value: one expression, two of "between". within: as a share, how far two
    times may be apart and still be equal. every: it has to hold for each product of the pass.
    """

    subject: Expression
    relation: Relation
    value: tuple[Expression, ...]
    within: float = 0.0
    every: bool = False


@dataclass(frozen=True, slots=True)
class Option:
    """One of a choice: a `value`, a number or a word the program knows, or a text with an `id`,
    which is right where the answer lies from `least` on and below `most`, or, where it has neither,
    where the answer is the id.
    """

    value: Expression | None = None
    id: str = ""
    text: Said = ()
    least: float | None = None
    most: float | None = None

    @property
    def ranged(self) -> bool:
        """Whether a range says when it is right."""
        return self.least is not None or self.most is not None

    def covers(self, number: float) -> bool:
        """Whether a number lies in that range, an open end having no bound."""
        above = self.least is None or self.least <= number
        return above and (self.most is None or number < self.most)


@dataclass(frozen=True, slots=True)
class Within:
    """How near a guessed number has to come: exactly, off by a share, within a factor, or equal
    when rounded to decimals.
    """

    by: Literal["exact", "share", "factor", "decimals"] = "exact"
    value: float = 0.0


@dataclass(frozen=True, slots=True)
class Moment:
    """A place in the time of the product shown: a share of it, the end of a wave's computing or of
    a step, from 1 (0: of the last).
    """

    by: Literal["share", "wave", "step"] = "share"
    value: float = 0.0


@dataclass(frozen=True, slots=True)
class Verb:
    """Something the window plays; `mmviz.files.lessons.verbs` lists them and what each takes."""

    do: str
    takes: tuple[tuple[str, Any], ...] = ()

    def __getitem__(self, name: str) -> Any:
        return dict(self.takes)[name]

    def get(self, name: str, without: Any = None) -> Any:
        """What it takes by that name, `without` where it was not given."""
        return dict(self.takes).get(name, without)


@dataclass(frozen=True, slots=True)
class Keep:
    """The learner's own best value of an expression."""

    of: Expression
    want: Literal["least", "most"]


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a lesson; what each field means and for which kinds it is, `docs/lessons.md` says.

    recall: lesson and step. need: how many clicks, 0: all that are right. values: expressions by
    the names they have in texts. until: conditions that all hold at the end.
    """

    id: str
    kind: StepKind
    ask: Said
    tell: Said
    changes: Changes = ()
    at: Moment | None = None
    hint: Said = ()
    recall: tuple[str, str] | None = None
    guess: Form | None = None
    options: tuple[Option, ...] = ()
    within: Within = Within()  # frozen
    unit: str = ""
    on: str = ""
    need: int = 1
    answer: Expression | None = None
    values: tuple[tuple[str, Expression], ...] = ()
    reveal: tuple[Verb, ...] = ()
    free: tuple[str, ...] = ()
    until: tuple[Condition, ...] = ()
    keep: Keep | None = None
    note: bool = False
    solution: Changes = ()

    @property
    def is_changed(self) -> bool:
        """Whether the learner changes something in it."""
        return self.kind in ("modify", "make")


@dataclass(frozen=True, slots=True)
class Lesson:
    """A lesson. folder: whose it is, "" for those that come with mmviz."""

    id: str
    order: float
    minutes: int
    track: tuple[str, ...]
    source: str
    title: Said
    idea: Said
    start: Changes
    steps: tuple[Step, ...]
    folder: str = field(default="", compare=False)

    def number(self, step: str) -> int | None:
        """The place of a step by its id, from 0; None where there is none."""
        return next((n for n, one in enumerate(self.steps) if one.id == step), None)


def said_in(said: Said, language: str) -> str:
    """The text in a language ("zh_CN" is "zh", too), in English where it has none."""
    texts: Mapping[str, str] = dict(said)
    short = language.partition("_")[0]
    return texts.get(language) or texts.get(short) or texts.get(SOURCE, "")
