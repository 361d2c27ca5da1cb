"""The device: its button and menu, the editor of its figures, the button that measures it.

Announces what is chosen or changed; neither keeps a device nor writes one.
"""
