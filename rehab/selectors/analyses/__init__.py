"""Analyses over a patient's records: each reads with a fixed number of statements, then computes in ``analytics``."""
