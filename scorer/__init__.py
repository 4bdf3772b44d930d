"""Evidential strength of news sentences."""
