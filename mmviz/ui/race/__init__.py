"""The window of a race: two pictures on one clock.

A window of its own with its own two sessions; it hears nothing of the first one once it is open.
"""
