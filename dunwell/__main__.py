"""`python -m dunwell`."""

from dunwell.cli import main

main()
