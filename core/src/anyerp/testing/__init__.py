"""Tools for connector authors: sandboxes, the contract kit, the fault proxy. Install `anyerp[testing]` for all."""
