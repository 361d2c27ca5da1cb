"""What leaves the window as a picture: a part, composed for a paper, painted anew, and written.

figure.py composes, files.py writes; a module each for the parts. Those of the timing and the sweep
load no widgets, since commands draw them too.
"""
