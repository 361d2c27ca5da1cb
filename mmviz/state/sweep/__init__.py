"""A range of batches or widths: the choice, its points, its chart and what was measured there.

Enters: a session's choice and a priced sweep. Pricing takes its time and is not done here.
"""
