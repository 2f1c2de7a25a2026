"""Bundled cohorts of drug resistance: simulated plates, gene expression and outcome, and the truth."""
