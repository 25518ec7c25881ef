"""Bank statements: read with the proof of their completeness, told apart line by line, posted."""
