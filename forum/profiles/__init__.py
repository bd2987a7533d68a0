"""Profiles: what a person has written."""
