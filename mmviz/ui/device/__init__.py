"""The device: its button and menu, the editor of its figures, the dialogue of calibrating it."""
