"""Views of one product in space and time: camera, layout, cells, playback, the pass."""
