"""`python -m tracker`, and the console script."""

from tracker.cli import main

if __name__ == "__main__":
    main()
