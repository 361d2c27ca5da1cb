"""Models of hardware: units, peaks, bandwidth, what fits on a unit, each with its source.

A device is what a file says; reading files is not for this room, nor is any product or network.
"""
