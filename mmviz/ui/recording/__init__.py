"""The workspace Recording: what really ran, painted on the matrix it computed, beside the model.

Reuses the painters of the picture and of units over time; asks for recordings, makes none.
"""
