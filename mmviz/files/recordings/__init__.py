"""Recordings as files.

npz             a recording's own file: a zip of its head and its columns
head, product   what such a file says beside the columns, of all and of each product
columns         the columns
chrome_trace    a recording, or a model, as Chrome Trace JSON; chrome_reading reads it again
reading         whichever of both a file is
shelf           those that the user kept, and those that come with mmviz
"""
