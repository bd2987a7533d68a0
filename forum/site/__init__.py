"""The publication itself: its name, colours, words and rules."""
