"""What keeps secrets secret: keys, sealed values, and tokens of which only a digest is stored."""

from anyerp_hub.vault.key import Key, KeyProvider, Keyring
from anyerp_hub.vault.seal import SealBroken, Sealer

__all__ = ["Key", "KeyProvider", "Keyring", "SealBroken", "Sealer"]
