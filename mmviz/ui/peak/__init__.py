"""Where the peak goes: waterfall, roofline, layers, tile and order, facts, advice.

Draws what `state.peak` found; a click leaves as a signal. Predicts nothing.
"""
