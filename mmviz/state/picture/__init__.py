"""One product in space and time: camera, layout, cells, colours, playback, and the whole pass.

Enters: a Trace, an instant, what is picked out. Pure geometry and numbers in pixels and seconds;
knows no painter, and not where a Trace came from but by its provenance.
"""
