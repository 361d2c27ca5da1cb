"""Two sessions on one clock: their sides, the differences, who wins and why.

Enters: two sessions and the facts. Each side is derived as the window derives its own; nothing here
knows that there is another window.
"""
