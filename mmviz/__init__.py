"""mmviz shows how a neural network is computed in parallel and proves it with a clock."""

__version__ = "0.1.0"
