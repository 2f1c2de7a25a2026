"""Floor 1: the event table, the additive summary every non-parametric estimate is a function of."""
