"""Invented data for a first look: a province that does not exist, its communes, gifts and papers.

Everything goes in through the same actions as real work, so the sample also shows that they hold together.
"""
