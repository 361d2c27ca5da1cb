"""Where the peak goes: waterfall, roofline, table of layers, tile and order, facts, advice.

Enters: prices, and the run of the same setup beside them. Prices nothing itself: that is for
`core.time`, and advice for `core.advice`.
"""
