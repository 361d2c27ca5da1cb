"""Lessons a person walks through: what is asked, what it computes to, what was guessed.

Beside `state.learn`, which is a network that learns: here a person does. A lesson's file
(`files.lessons`) names quantities of the session; what they are is computed here, when it is asked.
"""
