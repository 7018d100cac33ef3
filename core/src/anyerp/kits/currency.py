"""Currencies: how many decimals an amount has (ISO 4217)."""

from __future__ import annotations

from decimal import Decimal

_NONE = frozenset("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split())
_THREE = frozenset("BHD IQD JOD KWD LYD OMR TND".split())
_FOUR = frozenset("CLF UYW".split())

_CENT = Decimal("0.01")
_STEPS = {
    **dict.fromkeys(_NONE, Decimal(1)),
    **dict.fromkeys(_THREE, Decimal("0.001")),
    **dict.fromkeys(_FOUR, Decimal("0.0001")),
}


def minor_units(currency: str | None) -> Decimal:
    """The smallest amount of a currency (`0.01`, `1`, `0.001`): give it to `Decimal.quantize`."""
    return _STEPS.get(currency, _CENT) if currency else _CENT
