"""Numbers as a format keeps them: rounded to its code points, with the scales it has.

Pure NumPy, everything in float64, which holds each of these formats exactly. Knows no network.
"""
