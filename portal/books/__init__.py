"""Books: what the ledger says of one place or one campaign, row by row with what is left, on screen and on paper."""
