"""How long it takes here: plans, the child process that computes, samples and their statistics.

Enters: a plan. Comes back: messages, and at the end a run with the machine it came from. Knows no
window and no command, and predicts nothing.
"""
