"""The layers of the network, to edit, and the strip of its matrix multiplications."""
