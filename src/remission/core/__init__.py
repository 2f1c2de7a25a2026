"""Floor 0: time, intervals, step functions, problems. No medicine, no input or output."""
