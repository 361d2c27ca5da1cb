"""In words: the only room that calls gettext and the only one that makes sentences of causes.

Core and the rooms around it hand causes and numbers (`mmviz.text.Text`) or values of their own;
here they become sentences (`words.advice`, `words.cost`, …), and in `words.speech` a language.
May import what is below it (files, bench, backends, core); must not know sessions, windows or
commands. The language is a value, `speech.Words`, that is handed on; nothing here remembers one.
"""
