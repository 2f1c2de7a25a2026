"""Floor 4: from Results to sentences, tables and figures, then to HTML and Word."""
