"""Batches: gifts of an evening typed line by line as drafts, posted at once by a second person."""
