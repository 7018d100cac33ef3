"""Logon: the account's names, OAuth 2.0, TBA, and what the role may do."""
