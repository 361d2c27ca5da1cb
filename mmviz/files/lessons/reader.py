"""A lesson's file -> Lesson, or one sentence: file, step, reason.

What a file says is looked at here; what it means (quantities, options, conditions) is looked at
by `mmviz.state.lessons.checking`, which knows sessions.
"""

from __future__ import annotations

import re
from pathlib import Path

from mmviz.errors import InputError
from mmviz.files import toml
from mmviz.files.lessons.changes import read_changes
from mmviz.files.lessons.format import FORMAT, Changes, Lesson, Said
from mmviz.files.lessons.steps import read_step
from mmviz.files.lessons.tables import Place, Table, line
from mmviz.files.lessons.texts import nowhere_else, read_said
from mmviz.text import N_, Text

MAX_BYTES = 65_536
LEAST_STEPS, MOST_STEPS = 3, 8
ID = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


class FaultsError(InputError):
    """Several at once, one of each step at most; `cause` is the first."""

    def __init__(self, causes: tuple[Text, ...]) -> None:
        super().__init__(causes[0])
        self.causes = causes


def read_lesson(path: Path, folder: str = "") -> Lesson:
    """The lesson in a file, of that folder; raises InputError."""
    return parse(toml.read_bounded(path, MAX_BYTES), path.name, folder)


def parse(data: bytes, file: str, folder: str = "") -> Lesson:
    """The same of bytes; file: the name of it, which is the lesson's id, and begins a complaint."""
    place = Place(file)
    if len(data) > MAX_BYTES:
        raise place.error(N_("larger than {most:group} bytes"), most=MAX_BYTES)
    table = Table(toml.loads(data, file), place, "")
    written = table.raw_of("format")
    if written != FORMAT:
        raise place.error(
            N_("format {found!r:.20} is not known; this mmviz reads {known}"),
            found=written,
            known=FORMAT,
        )
    id = table.text("id", longest=40)
    if not ID.fullmatch(id) or f"{id}.toml" != file:
        said = N_("id {id!r:.40} is not the name of the file, of small letters, digits and dashes")
        raise place.error(said, id=id)
    faults: list[Text] = []
    head, steps = None, []
    try:
        head = _head(table, place)
    except InputError as error:
        faults.append(error.cause)
    raw_steps = table.items("steps", LEAST_STEPS, MOST_STEPS)
    if head is not None:  # else keys are left that nobody looked at
        table.done()
    for raw in raw_steps:
        try:
            steps.append(read_step(raw, place))
        except InputError as error:
            faults.append(error.cause)
    if head is None or faults:
        raise FaultsError(tuple(faults))
    ids = [step.id for step in steps]
    if twice := next((one for one in ids if ids.count(one) > 1), None):
        raise place.error(N_("two steps are called {id}"), id=twice)
    for at, step in enumerate(steps):
        if step.recall and step.recall[0] == id and step.recall[1] not in ids[:at]:
            said = N_("recall: {step} is no earlier step of this lesson")
            raise place.within(step.id).error(said, step=step.recall[1])
    return Lesson(id, *head, tuple(steps), folder)


_Head = tuple[float, int, tuple[str, ...], str, Said, Said, Changes]


def _head(table: Table, place: Place) -> _Head:
    """What stands above the steps, in the order of `Lesson`."""
    order = table.number("order", 0, 1e6)
    minutes = table.whole("minutes", 1, 240)
    tracks = table.items("track", 0, 8, needed=False)
    track = tuple(line(one, place, "track", 40) for one in tracks)
    source = nowhere_else(table.text("source"), place, "source")
    title = read_said(table.raw_of("title"), place, "title")
    idea = read_said(table.raw_of("idea"), place, "idea")
    start = read_changes(table.raw_of("start"), place, "start")
    if "network" not in dict(start):
        raise place.error(N_("start: a session needs a network"))
    return order, minutes, track, source, title, idea, start
