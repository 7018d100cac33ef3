"""The sandbox of Dynamics 365 Finance & Operations: `/data`, `/metadata`, data packages (dynamics sheet §1).

Written from the sheet alone. What it cannot know for certain is in `Quirks`; the behaviour that tests call up is in
`FinanceOperationsSandbox.faults`, `.throttle` and the methods of `World`.
"""

from .server import HOST, FinanceOperationsSandbox, Quirks
from .throttle import UserLimits

__all__ = ["HOST", "FinanceOperationsSandbox", "Quirks", "UserLimits"]
