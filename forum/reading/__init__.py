"""A reader's place in a discussion: what of it they have seen, and which comment they read last."""
