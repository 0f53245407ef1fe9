"""`python -m tracker`, and the console script."""

import os

# One programme's numbers are small: a pool of threads costs more than it brings, the import
# of numpy included, and a model of a month's series is fitted eight times slower with one.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from tracker.cli import main

if __name__ == "__main__":
    main()
