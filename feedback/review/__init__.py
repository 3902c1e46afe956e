"""What the web team touches: pages and API over the same store calls."""
