"""What an operator sees of the service, without seeing a word of a visitor."""
