"""Donors: who gives, how they are reached, and who is the same as whom."""
