"""Advances: money that an officer took along, until it is settled; money kept for receivers who were absent."""
