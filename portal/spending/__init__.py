"""Spending: the decision that money is given, and the voucher by which it leaves the fund."""
