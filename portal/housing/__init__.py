"""Houses: one project per household, from survey to hand-over; stages, money and photos tied together."""
