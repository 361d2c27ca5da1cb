"""Reading and writing: networks, devices, settings, results; and what ships with mmviz.

Nobody vouches for a file: whatever is wrong in one is an InputError that names file and place. A
file is written whole or not at all. Knows formats and folders, but no session and no window.
"""
