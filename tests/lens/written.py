"""A payload as it comes off the wire, an update of it, and what was wrong with that."""

from __future__ import annotations

import copy
import json

from anyerp.wire import load_json
from thing import NATIVE, THING, Thing

NATIVE = load_json(json.dumps(NATIVE))


def problems(written):
    return {problem.pointer: problem.message for problem in written.problems}


def update(native=NATIVE, **fields):
    return THING.put(copy.deepcopy(native), Thing(**fields))
