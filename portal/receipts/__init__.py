"""Receipts and the other papers a donor gets: numbers on request, printing, paper books, letters."""
