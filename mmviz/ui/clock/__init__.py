"""Live timing: controls, table, charts and track of what is timed here; and their export."""
