"""Search: articles and comments by words, phrases, author, section and day."""
