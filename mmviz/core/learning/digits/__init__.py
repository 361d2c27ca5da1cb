"""Digits of 28 × 28 pixels, made from strokes; drawn, centred as MNIST's are, and labelled."""
