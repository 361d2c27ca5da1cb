"""How everything looks and speaks: colours, faces, strokes, small widgets, texts told to widgets.

Knows no panel; every panel may use it.
"""
