"""How good predictions are: pure functions of predictions and of what happened."""
