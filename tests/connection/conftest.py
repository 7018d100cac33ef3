from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # `tiny` is shared by the tests of this folder
sys.path.append(str(Path(__file__).parent.parent))  # `tls` is shared with the tests of the transport

from tiny import Tiny, connect


@pytest.fixture
def tiny():
    return Tiny()


@pytest.fixture
def erp(tiny):
    with connect(tiny) as connection:
        yield connection
