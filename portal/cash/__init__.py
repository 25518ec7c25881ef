"""Cash in hands and boxes: counts, hand-over slips, deposits at the bank."""
