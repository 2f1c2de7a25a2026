"""Signatures: learned with every step inside the folds, locked in a file, scored patient by patient."""
