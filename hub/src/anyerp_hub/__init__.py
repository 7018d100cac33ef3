"""The hub: connections, credentials, tokens, health, jobs and webhooks, remembered in one database.

from anyerp_hub import Hub

with Hub("sqlite:///anyerp.db") as hub:
made = hub.connect("sap-s4hana", settings={...}, credentials={...})
erp = hub.connection(made.id)
"""

from anyerp_hub.ahub import AsyncHub
from anyerp_hub.hub import Hub
from anyerp_hub.job.runner import JobRunner
from anyerp_hub.vault import Key, KeyProvider, Keyring

__version__ = "0.1.0"
__all__ = ["AsyncHub", "Hub", "JobRunner", "Key", "KeyProvider", "Keyring"]
