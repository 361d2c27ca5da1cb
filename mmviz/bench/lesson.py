"""All that is known of a network that is taught, folded from the child's messages."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from mmviz.backends.base import Place
from mmviz.bench.machine import Machine
from mmviz.bench.messages import Finished, Message, Placed, Sensing, Started
from mmviz.bench.plan import Learnt, MadeData, TrainPlan
from mmviz.bench.sensed import Sensed
from mmviz.bench.taught import Judged, Taught, Untaught
from mmviz.text import Text

MOST_STEPS = 2_000  # in a file
GUESSED = 0.2  # share of ten digits told right, below which nothing was learnt
FEW = 20  # steps whose mean loss is told: one step's is of chance


@dataclass(slots=True)
class Lesson:
    """losses, seconds: of each step from `first` on. stages: seconds of the steps that were timed
    in parts, by stage. judged: what it made of drawings, oldest first. knows: its weights. sensed:
    what the sensors told, of a pass that is a step; None before the end. place: what it computes
    on, None for the CPU.
    """

    plan: TrainPlan
    first: int = 0
    machine: Machine | None = None
    losses: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    stages: dict[str, float] = field(default_factory=dict)
    judged: list[Judged] = field(default_factory=list)
    knows: Learnt | None = None
    failure: Text | None = None
    sensed: Sensed | None = None
    place: Place | None = None
    finished: bool = False

    def hear(self, message: Message) -> None:
        """Take one message in."""
        match message:
            case Started(machine):
                self.machine = machine
            case Taught(first, losses, seconds, stages):
                if not self.losses:
                    self.first = first
                self.losses += losses
                self.seconds += seconds
                self.stages = stages
            case Placed():
                self.place = message.place
            case Judged():
                self.judged.append(message)
            case Learnt():
                self.knows = message
            case Sensing():
                self.sensed = message.sensed
            case Untaught(reason):
                self.failure = reason
            case Finished():
                self.finished = True
            case _:
                pass

    @property
    def steps(self) -> int:
        """How many steps it was taught, those before this lesson included."""
        return self.first + len(self.losses)

    @property
    def lost_ground(self) -> bool:
        """Whether its last steps lost more than the first one, and it does no more than guess."""
        if len(self.losses) <= FEW or not self.judged or self.judged[-1].seen >= GUESSED:
            return False
        return float(np.mean(self.losses[-FEW:])) > self.losses[0]

    @property
    def step_s(self) -> float | None:
        """Median seconds of a step; None before the first."""
        return float(np.median(self.seconds)) if self.seconds else None

    @property
    def shares(self) -> dict[str, float]:
        """Share of a step's time, 0 … 1, by stage; {} before the first."""
        whole = sum(self.stages.values())
        return {name: spent / whole for name, spent in self.stages.items()} if whole else {}

    def report(self) -> dict[str, Any]:
        """As JSON has it. Accuracies are shares, 0 … 1, None where nothing was looked at yet;
        unseen_accuracy is that of the first set of unseen drawings, `unseen` has all by what they
        are. Steps are thinned; seconds are those of all steps until then. step_s: a step in the
        middle, by stage; {} before the first; step_j: joules of a step, None where nothing tells.
        """
        last = self.judged[-1] if self.judged else None
        count = len(self.losses)
        kept = np.unique(np.linspace(0, count - 1, min(count, MOST_STEPS)).round().astype(int))
        spent = np.cumsum(self.seconds)
        step_s = self.step_s or 0.0
        names = ["the user's own"]
        if isinstance(self.plan.data, MadeData):
            names = [f"strength {strength:g}" for strength in self.plan.data.strengths]
        return {
            "version": 1,
            "network": self.plan.network.name,
            "widths": list(self.plan.network.widths),
            "backend": self.plan.backend,
            "dtype": self.plan.dtype,
            "loss": self.plan.recipe.loss,
            "batch": self.plan.recipe.batch,
            "rate": self.plan.recipe.rate,
            "momentum": self.plan.recipe.momentum,
            "decay": self.plan.recipe.decay,
            "seed": self.plan.recipe.seed,
            "data": "made by mmviz" if isinstance(self.plan.data, MadeData) else "the user's own",
            "count": self.steps,
            "steps": [
                {"step": self.first + i + 1, "loss": self.losses[i], "seconds": float(spent[i])}
                for i in kept.tolist()
            ],
            "seen_accuracy": None if last is None else last.seen,
            "unseen_accuracy": None if last is None else last.unseen[0],
            "unseen": {} if last is None else dict(zip(names, last.unseen, strict=True)),
            "step_s": {name: share * step_s for name, share in self.shares.items()},
            "step_j": None if self.sensed is None else self.sensed.energy_j,
            "failure": None if self.failure is None else str(self.failure),
        }
