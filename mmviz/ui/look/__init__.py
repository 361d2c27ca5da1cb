"""How everything looks and speaks: colours, faces, strokes, small widgets, texts told to widgets.

And how work goes on beside a window. Knows no panel; every panel may use it.
"""
