"""Keeping an installation alive: serve, upgrade, back up, restore, verify, look after."""
