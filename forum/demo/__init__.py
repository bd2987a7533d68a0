"""The demo site: an invented newspaper in an invented harbour city."""
