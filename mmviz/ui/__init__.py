"""The window: the only package that imports PyQt6 and pyqtgraph.

    start      from the command to the first painted window; the screenshot
    shell      the window itself, its docks and commands, and the controller
    race       two configurations on one clock
    time       the pass, the units and the transport, on one axis
    picture    X left of Y, W above it: one product
    panels     what stands beside the picture: network, products, facts
    timing     the timing child, its table and charts
    look       colours, faces, strokes
    preflight  whether a window can open here, found out before Qt is loaded

Each room imports only rooms below it.
"""
