"""What helps: terms that explain themselves where they stand, the window of F1, the finder.

Knows what a widget looks like and the glossary; neither panels nor the session. What can be found
and which keys there are is handed to it.
"""
