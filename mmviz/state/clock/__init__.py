"""Views of what was timed: rows of the table, live series, curves over the batch."""
