"""A reader's place in a discussion."""
