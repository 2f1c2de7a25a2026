"""Endpoints as data: definitions in TOML, declared in the study file, built into one `Outcome` each."""
