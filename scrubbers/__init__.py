"""Finds and redacts personal numbers in text; knows nothing of the web or of databases."""
