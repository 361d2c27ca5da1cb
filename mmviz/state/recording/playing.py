"""What the clock of the window goes along: one schedule, or the common scale of two."""

from __future__ import annotations

from dataclasses import dataclass

from mmviz.core.schedule.trace import Trace
from mmviz.state.derived import Derived
from mmviz.state.picture.playback import Playback, stepped
from mmviz.state.recording.view import pair_shown
from mmviz.state.workspaces import RECORDING


@dataclass(frozen=True, slots=True, eq=False)
class Played:
    """A schedule on a scale that ends at `end`, no earlier. typical: what the pace is for."""

    trace: Trace
    end: float
    typical: float

    def stepped(self, playback: Playback, direction: int, by: str) -> Playback:
        """As `playback.stepped`, on this scale; beyond the schedule a step on is to its end."""
        share = self.trace.duration / self.end
        if playback.position >= share and direction > 0:
            return playback.at(1.0).paused()
        inside = playback.at(min(playback.position / share, 1.0))
        found = stepped(inside, self.trace, direction, by)
        return found.at(found.position * share)


def played(derived: Derived, workspace: str) -> Played | None:
    """What is played in a workspace; None: there is nothing to go along."""
    pair = pair_shown(derived) if workspace == RECORDING.id else None
    if pair is not None:
        return Played(pair.right.trace, pair.end, pair.end)
    trace = derived.trace
    return None if trace is None else Played(trace, trace.duration, derived.typical)
