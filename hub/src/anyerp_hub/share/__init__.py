"""What the processes on one database share: turns, requests in flight, pauses that an ERP asked for."""

from anyerp_hub.share.pace import AsyncPace, Pace
from anyerp_hub.share.places import Shares

__all__ = ["AsyncPace", "Pace", "Shares"]
