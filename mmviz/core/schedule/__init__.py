"""Who computes which tile when: tiles, orders, waves, systolic fronts, as a Trace.

Enters: the shape of a product, a device, a tile and an order. Here time is counted in steps;
seconds come from `core.time`, which this room must not know.
"""
