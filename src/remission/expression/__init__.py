"""Floor 2: gene expression, read, checked, put on a frozen scale, and compared between groups."""
