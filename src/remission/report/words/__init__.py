"""The words of the report: every statement of an analysis, by name, as a clinician would say it."""
