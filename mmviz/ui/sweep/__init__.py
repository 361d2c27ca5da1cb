"""The staircase: controls, painter and export of a sweep, priced a piece at a time.

Enters: which points are asked for. What was measured stands in its view; it starts no run.
"""
