"""One axis of time: the pass, the units, the transport that moves along it."""
