"""The window around it all: docks, bars, commands, the desk with the timing child, the controller.

The only room that knows all panels, and the only one that changes the Session and the Facts.
"""
