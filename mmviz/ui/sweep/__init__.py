"""The staircase: controls, painter and export of a sweep."""
