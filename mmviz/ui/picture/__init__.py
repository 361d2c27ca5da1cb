"""X left of Y, W above it: the picture of one product."""
