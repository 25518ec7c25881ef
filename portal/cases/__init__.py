"""Single cases: one household in sudden need, from request and survey to hand-over, visits and a public appeal."""
