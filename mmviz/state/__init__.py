"""The application without a window: what the user wants, what was found out, what follows.

Session and Facts are frozen; all that is shown is derived from them by pure functions, a frozen
view a panel. May import everything below; must not know Qt, and renders no Text.
"""
