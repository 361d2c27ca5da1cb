"""X left of Y, W above it: the picture of one product at one instant.

Enters: the view and a Frame. Painters read the Scene they are given and nothing else; where the
playback stands, and whether it moves, is known to who plays.
"""
