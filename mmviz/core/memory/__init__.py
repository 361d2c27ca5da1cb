"""What a pass needs of a device's memory, whether it fits, and the largest batch that does.

Enters: what is priced, and how it is cut. Nothing here knows a clock.
"""
