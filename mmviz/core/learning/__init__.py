"""The numbers themselves: weights, activations, losses, gradients and a step of training.

Reference values that pictures show and backends are checked against. Knows no device and no time.
"""
