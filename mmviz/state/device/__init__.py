"""What is said of a device, its calibration, and edits of its figures.

Enters: a session or what is derived of it. Edits leave as another Session; the file of a device is
read here and never written.
"""
