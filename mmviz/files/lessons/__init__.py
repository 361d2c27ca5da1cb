"""Lessons as files: what one says, read strictly; which there are; what a learner did in them."""
