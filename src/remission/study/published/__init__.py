"""Results of published trials as data: what they reported, of whom, their source, and how sure it is."""
