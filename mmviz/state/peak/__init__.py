"""Views of where the peak goes: waterfall, roofline, layers, advice."""
