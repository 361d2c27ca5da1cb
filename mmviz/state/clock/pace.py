"""How long a run still takes, from how long its progress took so far."""

from __future__ import annotations

LEAST_S = 1.0  # of progress, before anything is said: the first seconds go into starting
LEAST_DONE = 0.02


class Pace:
    """All times are seconds of one clock that only rises; done: share of the run, 0 … 1.

    What was done before it began counts for nothing, since nobody knows how long that took.
    """

    def __init__(self, now: float, done: float = 0.0) -> None:
        self._from, self._done = done, done
        self._spent_s = 0.0
        self._at: float | None = now

    def hear(self, done: float, now: float) -> None:
        """So much is done now; less than before where a pause threw away what it cut off."""
        self._pass(now)
        self._done = done

    def pause(self, now: float) -> None:
        """Time stands still until the next `go_on`."""
        self._pass(now)
        self._at = None

    def go_on(self, now: float) -> None:
        """Time passes again."""
        self._at = now

    def left_s(self, now: float) -> float | None:
        """Seconds until all is done; None where too little was done to tell."""
        since = 0.0 if self._at is None else now - self._at
        gained = self._done - self._from
        if self._spent_s < LEAST_S or gained < LEAST_DONE:
            return None
        return max(0.0, self._spent_s / gained * (1 - self._done) - since)

    def _pass(self, now: float) -> None:
        if self._at is not None:
            self._spent_s += now - self._at
            self._at = now
