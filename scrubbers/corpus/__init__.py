"""Labelled texts, how they are made, and the scorer behind `scrub evaluate`."""
