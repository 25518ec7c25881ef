"""Pledges: what was promised, when it is due, what has come. Never money received."""
