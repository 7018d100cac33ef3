"""`python -m anyerp.cli`: the same as `anyerp`."""

import sys

from anyerp.cli import main

sys.exit(main())
