"""The schedule that really ran beside the modelled one: both at one instant, and what is between.

Enters: Recordings and the model of the same product. What is compared, and why it differs, is
worked out in `core.recording`; here it becomes views.
"""
