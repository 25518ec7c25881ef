"""Every published number, defined once: key, label, unit, sentence, and one query that lists its rows."""
