"""Ex-vivo drug response: wells to survival, curves, LC50 as an interval, classes, cross-resistance."""
