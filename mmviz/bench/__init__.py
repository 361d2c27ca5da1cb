"""How long it takes here: plans, the child process that computes, samples and their statistics.

Enters: a plan. Comes back: messages, and at the end a run with the machine it came from. Knows no
window, no command and no file, and predicts nothing but how far a calibration is off.
"""
