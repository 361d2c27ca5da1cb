"""A range of batches or widths: the choice, its chart and what is read off it."""
