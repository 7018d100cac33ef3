"""Makes the fictional plugin importable under its own name, as an installed one is."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
