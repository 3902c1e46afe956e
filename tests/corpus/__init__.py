"""Tests of the labelled texts, of their scorer, and of our figures on them."""
