"""The hub: connections, credentials, tokens, health, jobs and webhooks, remembered in one database."""
