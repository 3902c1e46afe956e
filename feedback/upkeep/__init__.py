"""What the service does by itself while it runs, beside answering."""
