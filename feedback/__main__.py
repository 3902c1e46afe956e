"""`python -m feedback` is the command `feedback`."""

from feedback.cli import main

main()
