"""Comments: the discussion under an article."""
