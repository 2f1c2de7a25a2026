"""Tables: one file per output, from result rows to printed cells."""
