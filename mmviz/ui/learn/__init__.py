"""The panels of the workspace Learn: each shows its view of a network that learns."""
