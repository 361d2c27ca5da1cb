"""Live timing: controls, table and charts of what is timed here.

Shows runs and messages as they come; owns no child process and computes no statistic.
"""
