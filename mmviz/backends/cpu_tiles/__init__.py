"""Products in tiles on threads of our own, each of which can be stamped."""
