"""Editing a device, and what its calibration says."""
