"""Checks before a comment shows: one pure function a file; all run, all that they find is kept."""
