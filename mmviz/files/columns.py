"""What the columns of a list of products mean, by the names tools and people give them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mmviz.errors import InputError
from mmviz.text import N_, NOTHING, P_, Text, joined, own

SIDES = ("m", "n", "k")
BATCH = "batch"
GROUP = "group"
TEXTS = ("name", GROUP)  # roles whose cells are no numbers
ROLES: Mapping[str, tuple[str, ...]] = {
    **{side: (side,) for side in SIDES},
    "count": (
        *("count", "counts", "repeat", "repeats", "repetitions", "occurrences", "multiplicity"),
        *("calls", "anzahl", "wiederholungen"),
    ),
    BATCH: (
        "batch_count",
        "batchcount",
        "num_batches",
        "n_batch",
        "batch",
        "batches",
        "b",
        "stack",
    ),
    GROUP: ("group",),
    "name": (
        *("name", "layer_name", "layer", "op_name", "op", "operator", "operation", "module"),
        *("label", "title", "bezeichnung"),
    ),
}
"""What a column can mean, and the names of such columns; of several the first that is there."""

STORED = re.compile(r"(trans|transpose|op|ld|stride)_?[abcd]|[abcd]_(t|trans|transpose)|layout")
_NUMBERED = re.compile(r"\[[0-9]+\]:")  # as benchmarks of several devices begin a line
_MOST = 8  # columns that are named


@dataclass(frozen=True, slots=True)
class Columns:
    """header: as the file writes it. places: the column of each role there is."""

    header: tuple[str, ...]
    places: Mapping[str, int]

    def named(self, role: str) -> str:
        """What the file calls the column of that role."""
        return self.header[self.places[role]].strip()

    @property
    def needed(self) -> int:
        """How many cells a row has at least; a name may be missing at its end."""
        return 1 + max(place for role, place in self.places.items() if role not in TEXTS)

    @property
    def unused(self) -> tuple[str, ...]:
        """Names of the columns that have no role here."""
        used = set(self.places.values())
        return tuple(
            cell.strip() for i, cell in enumerate(self.header) if i not in used and cell.strip()
        )

    def notes(self, grouped: bool = False) -> tuple[Text, ...]:
        """What of the list is not taken as it may be meant. grouped: a launch has several rows."""
        shared = NOTHING
        if grouped:
            said = N_(
                "{column}: products of one launch are priced together, and timed one after another"
            )
            shared = Text(said, column=self.named(GROUP))
        stored = [name for name in self.unused if STORED.fullmatch(word_of(name))]
        others = [name for name in self.unused if name not in stored]
        sides = NOTHING
        if stored:
            said_of = P_(
                "m, n and k are the sides of the product, whatever {columns} says of storage",
                "m, n and k are the sides of the product, whatever {columns} say of storage",
            )
            sides = Text(said_of, n=len(stored), columns=_listed(stored))
        return tuple(note for note in (shared, sides, not_used(others)) if note)


def not_used(names: Sequence[str]) -> Text:
    """That the columns of these names are not used; nothing where there is none."""
    said = P_("column {columns} is not used", "columns {columns} are not used")
    return Text(said, n=len(names), columns=_listed(names)) if names else NOTHING


def word_of(cell: str) -> str:
    """A name as the columns are known by: 'Batch Count' is batch_count, '[0]:transA' is transa."""
    bare = _NUMBERED.sub("", cell.strip().strip("\"'").strip())
    return re.sub(r"[\s-]+", "_", bare.casefold())


def names_sides(header: Sequence[str]) -> bool:
    """Whether it names the columns m, n and k."""
    words = {word_of(cell) for cell in header}
    return words.issuperset(SIDES)


def columns_of(header: Sequence[str], where: str | Text, line: int) -> Columns:
    """The columns of a header that `names_sides`; raises InputError where one is there twice."""
    words = [word_of(cell) for cell in header]
    places = {}
    for role, known in ROLES.items():
        found = next((word for word in known if word in words), None)
        if found is None or (found == "b" and {"a", "c"} & set(words)):  # of matrices A, B, C
            continue
        if words.count(found) > 1:
            raise InputError(
                N_("{where}, line {line:d}: two columns are named {word}"),
                where=where,
                line=line,
                word=found,
            )
        places[role] = words.index(found)
    return Columns(tuple(header), places)


def _listed(names: Sequence[str]) -> Text:
    """The first names, and how many more there are."""
    shown = [own(name[:40]) for name in names[:_MOST]]
    if more := len(names) - len(shown):
        shown.append(Text(P_("{n:group} more", "{n:group} more"), n=more))
    return joined(shown, "commas")
