"""Floor 1: rows that know when they were known: columns, conditions, endpoints and the guard."""
