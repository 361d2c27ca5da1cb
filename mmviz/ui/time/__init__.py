"""Time: the pass, the units, and the transport."""
