"""The sandbox of Microsoft Entra's token endpoint, which both Dynamics products stand behind."""

from .refusal import Refused
from .server import DOMAIN, LOGIN, TENANT, EntraSandbox
from .token import BadToken, Bearer

__all__ = ["DOMAIN", "LOGIN", "TENANT", "BadToken", "Bearer", "EntraSandbox", "Refused"]
