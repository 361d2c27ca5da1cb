"""The panels of the lessons: the list of them, and the card of the step that is on."""
