"""What was timed here: rows of the table, the run that is on, series and curves to draw.

Enters: runs and messages of the timing child. Predicts nothing, starts nothing; knows no chart.
"""
