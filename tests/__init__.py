"""Tests; the folders mirror those of forum/."""
