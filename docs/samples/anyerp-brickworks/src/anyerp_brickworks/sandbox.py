"""A Brickworks to test against: the one that these docs serve."""

from anyerp.authoring.brickworks import Brickworks

__all__ = ["Brickworks"]
