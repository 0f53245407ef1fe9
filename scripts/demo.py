"""Tell the founding story, start to end, in a throwaway workspace.

python3 scripts/demo.py [the options of `tracker demo`]
"""

import os
import sys

import environment

if __name__ == "__main__":
    environment.prepare()
    program = environment.BIN / "tracker"
    os.execv(program, [str(program), "demo", *sys.argv[1:]])
