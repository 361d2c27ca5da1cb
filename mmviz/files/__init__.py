"""Reading and writing: networks, devices, settings, results, kept runs; and what ships with mmviz.

Nobody vouches for a file: whatever is wrong in one is an InputError that names file and place. A
file is written whole or not at all. Knows formats, folders and what several windows keep there as
text, but not what a session means, and no widget.
"""
