"""Two sessions on one clock: their sides, their differences, who wins and why."""
