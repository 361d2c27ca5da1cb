"""Which neighbouring batch or width would cost less, and by what cause.

Enters: a setup and its prices. Knows nothing of how advice is worded or shown.
"""
