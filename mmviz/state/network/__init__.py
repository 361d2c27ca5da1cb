"""What the panels of the workload show: its layers or rows, and the products of one pass.

Pure functions from what is derived to views of numbers and Texts; knows no widget.
"""
