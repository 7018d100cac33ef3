"""Dynamics 365 for anyerp: the sandbox is here, the connectors follow; until then nothing is announced."""
