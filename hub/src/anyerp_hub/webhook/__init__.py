"""Webhooks: signed and retried as the Standard Webhooks specification says, never sent into private networks."""
