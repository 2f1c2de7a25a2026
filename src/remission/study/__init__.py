"""Floor 3: from the study file to Results."""
