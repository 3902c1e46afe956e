"""The docs as a website, and the pages of it that are written from the code; never part of the package."""
