"""Learning: a network that is taught to tell digits, and what can be seen of it."""
