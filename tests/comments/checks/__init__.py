"""Checks before a comment shows."""
