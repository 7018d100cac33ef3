"""A small model and a table over it that uses every kind of rule."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))  # `thing` is shared by the tests of this folder
