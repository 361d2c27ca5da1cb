"""Tiles on a CUDA GPU by programs of our own, which tell who computed which of them when."""
