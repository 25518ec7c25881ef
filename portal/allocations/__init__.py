"""Allocations: money that one unit sends to another, on the way until the other confirms it."""
