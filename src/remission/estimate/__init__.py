"""Floor 2: non-parametric estimates and tests, pure functions of an event table."""
