"""What the program says in a lesson, and how the lesson's own texts are said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mmviz.core.provenance import Kind
from mmviz.core.time.cost import LOSS_NAMES
from mmviz.files.lessons.format import Said, said_in
from mmviz.text import N_, Text, own
from mmviz.words.speech import Words

OTHER: Mapping[Kind, str] = {
    "computed": N_("You said {guess}. Computed: {answer}."),
    "modelled": N_("You said {guess}. Modelled: {answer}."),
    "measured": N_("You said {guess}. Measured: {answer}."),
    "recorded": N_("You said {guess}. Recorded: {answer}."),
    "estimated": N_("You said {guess}. Estimated: {answer}."),
}
UNSURE: Mapping[Kind, str] = {
    "computed": N_("Computed: {answer}."),
    "modelled": N_("Modelled: {answer}."),
    "measured": N_("Measured: {answer}."),
    "recorded": N_("Recorded: {answer}."),
    "estimated": N_("Estimated: {answer}."),
}
EQUAL = N_("As you said: {answer}.")
NEAR = N_("{line} That is near enough.")
AMONG = N_("{line} Yours is among them.")
DO_NOT_KNOW = N_("I do not know")
BUSY = N_(
    "The computer was busy meanwhile: 1 pass in 100 took more than {times} times the median. "
    "Measure again?"
)
_MOST_ITEMS = 4
_NOTHING = 5e-5  # a number of X, W or Y below it is drawn as 0

WORDS: Mapping[str, str] = {
    **LOSS_NAMES,
    "yes": N_("yes"),
    "no": N_("no"),
    "memory": N_("memory"),
    "compute": N_("compute"),
    "rows": N_("rows"),
    "columns": N_("columns"),
    "eager": N_("eager calls"),
    "graph": N_("a graph replayed"),
    "none": N_("no launch"),
    "forward": N_("forward"),
    "loss": N_("loss"),
    "dgrad": N_("dgrad"),
    "wgrad": N_("wgrad"),
    "update": N_("update"),
}
"""Values that are words, by what quantities call them."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """A text of a lesson, by language, and its values: said when the language is known."""

    said: Said = ()
    values: tuple[tuple[str, Sayable], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.said)


Sayable = Text | Spoken


@dataclass(frozen=True, slots=True)
class Judged:
    """The line above what is told. guess: says nothing for who did not know. equal: it counts as
    what came out, though it may read otherwise: a number near it, or, `among`, some of a set.
    """

    guess: Sayable
    answer: Sayable
    kind: Kind
    equal: bool
    among: bool = False


def say(sayable: Sayable | Judged, words: Words) -> str:
    """In the language of `words`; in English where the lesson has no text in that."""
    if isinstance(sayable, Text):
        return words(sayable)
    if isinstance(sayable, Judged):
        return words(_line(sayable, words))
    template = said_in(sayable.said, words.language)
    values = {name: own(say(value, words)) for name, value in sayable.values}
    return words(Text(template, **values)) if template else ""


def _line(judged: Judged, words: Words) -> Text:
    answer = own(say(judged.answer, words))
    if not judged.guess:
        return Text(UNSURE[judged.kind], answer=answer)
    guess = own(say(judged.guess, words))
    if judged.equal and guess == answer:
        return Text(EQUAL, answer=answer)
    line = Text(OTHER[judged.kind], guess=guess, answer=answer)
    return Text(AMONG if judged.among else NEAR, line=line) if judged.equal else line


def word(value: str) -> Text:
    """A value that is a word."""
    return Text(WORDS[value]) if value in WORDS else own(value)


def amount(value: float, unit: str) -> Text:
    """A number with its unit."""
    match unit:
        case "%":
            return Text("{x:percent}", x=value)
        case "s":
            return Text("{x:seconds}", x=value)
        case "FLOP":
            return Text("{x:flop}", x=value)
        case "FLOP/s":
            return Text("{x:rate}", x=value)
        case "B":
            return Text("{x:size}", x=value)
        case "error":
            return Text("{x:exponent}", x=value)
        case "number" if 0 < abs(value) < _NOTHING:
            return own("≈ 0")
        case _:
            return _plain(value)


def as_guessed(value: float, unit: str) -> Text:
    """A number somebody guessed, with all its digits: nobody is told to have said another one."""
    if unit == "%":
        return own(f"{_digits(100 * value)} %")
    if unit in _SCALED or value == int(value):
        return amount(value, unit)
    return own(_digits(value))


_SCALED = ("s", "FLOP", "FLOP/s", "B", "error")  # which are said with a prefix or an exponent


def _digits(value: float) -> str:
    return f"{value:.12g}".replace("-", "−")


def _plain(value: float) -> Text:
    if value == int(value) and abs(value) < 1e15:
        sign = "−" if value < 0 else ""
        return Text("{sign}{x:group}", sign=sign, x=abs(int(value)))
    sign = "−" if value < 0 else ""
    return Text("{sign}{x:sig}", sign=sign, x=abs(value))


def listed(items: tuple[Text, ...]) -> Text:
    """Some things that were clicked on or are right: the first few, and how many more."""
    if not items:
        return Text(N_("none"))
    if len(items) <= _MOST_ITEMS:
        return Text("{items:items}", items=items)
    said = N_("{items:items} and {more:group} more")
    return Text(said, items=items[:_MOST_ITEMS], more=len(items) - _MOST_ITEMS)
