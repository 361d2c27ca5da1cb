"""Where the peak goes: waterfall, roofline, layers, tile and order, advice."""
