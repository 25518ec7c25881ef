"""Bank statements: reading them with the proof of their completeness, identity of their lines, posting them."""
