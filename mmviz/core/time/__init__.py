"""How long a product, a pass or a whole range of them takes, and what takes the time.

One set of models prices all: plans, advice, sweeps, races and the window. Each price carries the
provenance and the error it has; no price is put into words here.
"""
