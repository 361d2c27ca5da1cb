"""The window around it all, its docks and commands, and the controller."""
