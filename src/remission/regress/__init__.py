"""Floor 2: regression on risk sets. One linear operator, forward and transposed, behind every model."""
