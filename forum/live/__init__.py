"""Liveness: who listens to what, and what they are told."""
