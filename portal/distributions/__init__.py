"""Distributions (đợt trao quà): lists of households, what each gets, who signed for it, what came back."""
