"""From the command to the first painted window, and the window as a picture.

What it begins with, and what is kept for the next start. Knows no panel.
"""
