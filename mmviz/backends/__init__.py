"""Who multiplies: one module each, none knows another; `base` is what all of them promise.

Enters: a network, its values and a batch. Optional libraries are imported only when a backend is
made ready, so that listing them is cheap. Knows no clock: timing is for `bench`.
"""
