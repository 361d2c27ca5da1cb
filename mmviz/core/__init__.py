"""What is computed, where, when and at what cost: values and pure functions of NumPy arrays.

    shapes     networks, lists of products, the matrix products they come down to
    device     models of hardware, and where each figure comes from
    schedule   who computes which tile when: the Trace
    time       how long that takes, and where the peak goes
    advice     which neighbouring shape would be faster, and why
    learning   losses, gradients, a made training step
    verdict    which of two figures is better, if their errors let it be said

No files, no clock, no Qt, no sentences: a cause leaves here as a value or a marked Text.
"""
