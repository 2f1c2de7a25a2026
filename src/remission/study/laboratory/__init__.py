"""What a laboratory adds to a cohort: drug response, gene expression, and signatures learned from both."""
