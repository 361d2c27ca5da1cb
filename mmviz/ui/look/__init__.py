"""Colours, faces, strokes: how everything looks."""
