"""One axis of time: the pass, the units, the transport that moves along it.

Shows a position and asks for another; the clock that plays is not here.
"""
