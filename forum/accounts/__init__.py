"""Accounts: who a person is, and how they sign in."""
