"""What the child says while it teaches a network; beside these it says a `plan.Learnt`."""

from __future__ import annotations

import msgspec

from mmviz.bench.crossing import MOST_PASSES, MOST_S, bounded, restored
from mmviz.text import Text

MOST_LOSS = 1e30  # a course that comes to it has lost its numbers as surely as by no number


class Taught(msgspec.Struct, frozen=True, tag="taught"):
    """Steps of learning from number `first` on: the loss before each, and its seconds.

    stages: seconds so far in each stage of a step, of the steps that were timed in parts.
    """

    first: int
    losses: list[float]
    seconds: list[float]
    stages: dict[str, float]

    def __post_init__(self) -> None:
        bounded(self.losses, MOST_LOSS)
        bounded(self.seconds, MOST_S)
        bounded(self.stages.values(), MOST_S)
        bounded((self.first,), MOST_PASSES)


class Judged(msgspec.Struct, frozen=True, tag="judged"):
    """Shares, 0 … 1, of drawings told right after so many steps: of those learnt from, as many as
    there are unseen ones, and of each set of unseen ones.
    """

    step: int
    seen: float
    unseen: tuple[float, ...]

    def __post_init__(self) -> None:
        bounded((self.seen, *self.unseen), 1.0)


class Untaught(msgspec.Struct, frozen=True, tag="untaught"):
    """Why the learning ended early. lost: the step in which its numbers were lost, so that the same
    steps would end there again; None where another try may go on.
    """

    reason: Text
    lost: int | None = None

    def __post_init__(self) -> None:
        msgspec.structs.force_setattr(self, "reason", restored(self.reason))
        if self.lost is not None:
            bounded((self.lost,), MOST_PASSES)
