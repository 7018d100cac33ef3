"""Tables: webhook subscriptions, which belong to no company (dynamics sheet §2.1)."""

from __future__ import annotations

from .table import Page, entity_set

SUBSCRIPTIONS = entity_set(
    "subscriptions",
    "subscriptions",
    Page("API Webhook Subscription", 2000000095, "Subscription", companyless=True, order=("subscriptionId",)),
    """
    subscriptionId text
    notificationUrl text
    resource text
    timestamp long
    userId guid
    lastModifiedDateTime instant
    clientState text
    expirationDateTime instant
    systemCreatedAt instant ro
    systemCreatedBy guid ro
    systemModifiedAt instant ro
    systemModifiedBy guid ro
    """,
    key="subscriptionId",
)
