"""`mmviz exam`: published exercises and measurements, answered by the model one after the other."""

from __future__ import annotations

import argparse
import contextlib
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from mmviz.cli import lists, plan, schedule
from mmviz.cli.parser import Commands, Parser
from mmviz.cli.table import said_table, show
from mmviz.errors import InputError, MmvizError
from mmviz.files.exam import Question, read_exam, shipped
from mmviz.files.exports import as_json
from mmviz.text import N_, NOTHING, P_, Text, joined, own
from mmviz.words.speech import ENGLISH, Words

_ASKED = (plan, schedule, lists)  # which have the commands of files.exam.COMMANDS
EXACT = 1e-9  # relative: what is expected may be off by a rounding
EXIT_UNANSWERED = 1
_HEAD = (
    N_("verdict"), N_("id"), N_("answer"), N_("published"), N_("off by"), N_("question"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answer:
    """What mmviz says to a question, in its unit; None: nothing, and why."""

    question: Question
    found: float | None
    why: Text = NOTHING

    @property
    def off(self) -> float | None:
        """By which share of the published number, None of 0; above 0: the answer is larger."""
        expected = self.question.expected
        if self.found is None or (expected == 0 and self.found != 0):
            return None
        return (self.found - expected) / (expected or 1.0)

    @property
    def verdict(self) -> str:
        """pass, off or unanswered."""
        if self.found is None:
            return "unanswered"
        expected = self.question.expected
        allowed = self.question.tolerance * expected + EXACT * (expected or 1.0)
        return "pass" if abs(self.found - expected) <= allowed else "off"


VERDICTS = {"pass": N_("pass"), "off": N_("off"), "unanswered": N_("no answer")}


def add_parser(commands: Commands) -> None:
    """Add the command."""
    text = N_("answer published exercises and measurements, and say by how much it is off")
    parser = commands.add_parser("exam", help=text)
    parser.add_argument(
        "file",
        metavar=N_("FILE.csv"),
        nargs="?",
        help=N_("rows of your own, with the columns of the exam that ships, asked after its rows"),
    )
    parser.add_argument("--alone", action="store_true", help=N_("the rows of FILE.csv alone"))
    parser.add_argument("--json", action="store_true", help=N_("as JSON"))
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print a line for each row; raises InputError. 1 where one cannot be answered, else 0."""
    if options.alone and options.file is None:
        raise InputError(N_("--alone needs FILE.csv"))
    questions = () if options.alone else shipped()
    if options.file is not None:
        questions += read_exam(options.file)
    answers = ask(questions)
    if options.json:
        print(as_json(exam_json(answers), indent=2))
    else:
        _print(answers, options.words)
    return EXIT_UNANSWERED if any(one.found is None for one in answers) else 0


def ask(questions: Sequence[Question]) -> tuple[Answer, ...]:
    """Each question's command, carried out in this process."""
    parser = Parser(ENGLISH, prog="mmviz")  # JSON is for programs
    parser.set_defaults(words=ENGLISH)
    commands = parser.add_commands()
    for command in _ASKED:
        command.add_parser(commands)
    return tuple(_answer(parser, question) for question in questions)


def _answer(parser: Parser, question: Question) -> Answer:
    out = io.StringIO()
    try:
        options = parser.parse_args([*question.arguments, "--json"])
        if "deviation" in options and not options.deviation:
            options.deviation = None  # a fifth of a second for each list, which no row asks for
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
            options.run(options)
        return Answer(question, question.answer(json.loads(out.getvalue())))
    except MmvizError as error:
        return Answer(question, None, error.cause)
    except ZeroDivisionError:
        return Answer(question, None, Text(N_("its answer is divided by nothing")))


def exam_json(answers: Sequence[Answer]) -> dict[str, Any]:
    """Every row with its answer, and the sums."""
    measured = [one for one in answers if one.question.kind == "measured"]
    return {
        "rows": [_row_json(one) for one in answers],
        "exercises": len(answers) - len(measured),
        "exercises_passed": sum(
            one.verdict == "pass" for one in answers if one.question.kind == "exercise"
        ),
        "measured": len(measured),
        "measured_passed": sum(one.verdict == "pass" for one in measured),
        "measured_sources": len({one.question.source for one in measured}),
        "median_off": _median(measured),
        "off": [one.question.id for one in answers if one.verdict == "off"],
        "unanswered": [one.question.id for one in answers if one.verdict == "unanswered"],
    }


def _row_json(answer: Answer) -> dict[str, Any]:
    asked = answer.question
    return {
        "id": asked.id,
        "kind": asked.kind,
        "question": asked.question,
        "command": " ".join(("mmviz", *asked.command)),
        "key": asked.key,
        "expected": asked.expected,
        "found": answer.found,
        "unit": asked.unit,
        "off": answer.off,
        "tolerance": asked.tolerance,
        "verdict": answer.verdict,
        "why": ENGLISH(answer.why) or None,
        "source": asked.source,
        "url": asked.url,
        "note": asked.note,
    }


def _median(answers: Sequence[Answer]) -> float | None:
    """Of the shares by which answers are off, whichever way; None of none."""
    off = [abs(one.off) for one in answers if one.off is not None]
    return median(off) if off else None


def _print(answers: Sequence[Answer], words: Words) -> None:
    rows = [tuple(Text(name) for name in _HEAD), *map(_row, answers)]
    show(said_table(rows, words, left=(0, 1, 5), keys=2))
    for line in summary(answers):
        print(words(line))


def _row(answer: Answer) -> tuple[Text, ...]:
    asked = answer.question
    said = own(asked.question)
    if answer.found is None:
        said = Text(N_("{question}: {why}"), question=said, why=answer.why)
    return (
        Text(VERDICTS[answer.verdict]),
        own(asked.id),
        in_unit(answer.found, asked.unit),
        as_published(asked),
        off_by(answer),
        said,
    )


def in_unit(value: float | None, unit: str) -> Text:
    """'257.3 TFLOP/s', '108 tiles', '—'."""
    if value is None:
        return Text("—")
    if value == int(value):
        return Text("{n:group} {unit}" if unit else "{n:group}", n=int(value), unit=unit)
    return Text("{value:sig4} {unit}" if unit else "{value:sig4}", value=value, unit=unit)


def as_published(question: Question) -> Text:
    """With all its digits."""
    value, unit = question.expected, question.unit
    if value == int(value):
        return in_unit(value, unit)
    return Text("{shown:figure}", shown=(value, unit))


def summary(answers: Sequence[Answer]) -> list[Text]:
    """How many pass, by how much the measured ones are off, and which are off."""
    told = exam_json(answers)
    lines = []
    if told["exercises"]:
        exercises = P_(
            "{n:group} exercise, {passed:group} right",
            "{n:group} exercises, {passed:group} right",
        )
        lines.append(Text(exercises, n=told["exercises"], passed=told["exercises_passed"]))
    if told["measured"]:
        sources = Text(P_("{n:group} source", "{n:group} sources"), n=told["measured_sources"])
        measured = P_(
            "{n:group} measured time of {sources}, {passed:group} within its tolerance, median "
            "deviation {off:percent}",
            "{n:group} measured times of {sources}, {passed:group} within their tolerance, median "
            "deviation {off:percent}",
        )
        lines.append(
            Text(
                measured,
                n=told["measured"],
                sources=sources,
                passed=told["measured_passed"],
                off=told["median_off"],
            )
        )
    for one in answers:
        if one.verdict == "off":
            lines.append(_off(one))
    return lines


def _off(answer: Answer) -> Text:
    """'off: fast-h100-4096 by +12.3 %, source, url', which a row of one's own may lack."""
    asked = answer.question
    where = joined([own(one) for one in (asked.source, asked.url) if one], "commas")
    said = N_("off: {id} by {off}, {source}")
    return Text(said, id=asked.id, off=off_by(answer), source=where)


def off_by(answer: Answer) -> Text:
    """'+12.3 %', of nothing '+24 tiles', '—' where there is no answer."""
    if answer.found is None:
        return Text("—")
    share = answer.off
    if share is None:
        by = answer.found - answer.question.expected
        return Text("+{by}" if by > 0 else "{by}", by=in_unit(by, answer.question.unit))
    return Text("+{share:percent}" if share > 0 else "{share:percent}", share=share)
