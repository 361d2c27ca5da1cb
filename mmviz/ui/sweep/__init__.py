"""The staircase: controls, drawing and pins of a sweep, priced a piece at a time.

Enters: which points are asked for. What was measured stands in its view; it starts no run.
"""
