"""Live timing: controls, table, charts and track of what is timed here, and their export.

Shows runs and messages as they come; owns no child process and computes no statistic.
"""
