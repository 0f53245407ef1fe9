"""The page, live: what is asked for over HTTP, on this machine unless a token guards it."""
