"""Named quantities of a session: what a lesson may ask for. A table, name -> how it is computed.

`table.py` has them all; the others say how. What may be clicked on is a set of items:

    output, input, weights  (row, column) of C, A, B      tiles   (row, column) of tiles
    units, filters          its number, from 0            drawing (row, column) of pixels
    strip, roofline         (layer, role), layer from 0   waterfall  the id of a loss
"""
