"""Moderation: reports, removals, bans, and the log of them."""
