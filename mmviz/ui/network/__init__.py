"""The layers of the network, to edit, and the strip of its matrix multiplications.

Announces edits, and shows them once they come back in its view. Knows no price but as text.
"""
