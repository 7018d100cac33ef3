"""`python -m anyerp_hub` is `anyerp-hub`."""

import sys

from anyerp_hub.command import main

if __name__ == "__main__":
    sys.exit(main())
