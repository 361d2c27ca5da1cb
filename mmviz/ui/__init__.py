"""The window: the only package that imports PyQt6 and pyqtgraph.

    start      from the command to the first painted window, what is kept; the screenshot
    shell      the window itself, its docks and commands, and the controller
    export     a part of the window as a picture: composed for a paper, written, copied
    race       two configurations on one clock
    timeline   the pass, the units and the transport, on one axis
    sweep      the staircase over batches and widths
    picture    X left of Y, W above it: one product
    peak       where the peak goes, the roofline, layers, advice
    network    the layers to edit, and the products in a strip
    clock      live timing: the child's transport, table and charts
    device     choosing, editing and calibrating a device
    look       colours, faces, strokes, texts that follow the language, work beside a window
    preflight  whether a window can open here, found out before Qt is loaded; probes: how

Each room imports only rooms below it. A panel is handed its own frozen view and words; it knows
neither session nor other panels, and decides nothing: what the user does leaves it as a signal.
"""
