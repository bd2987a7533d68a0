"""What the publication says to programs that read it: feeds, the sitemap, robots.txt. Always as a guest sees it."""
