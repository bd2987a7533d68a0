"""A self-hosted discussion platform for publications."""

__version__ = "0.1.0"
