"""How amounts read: in the largest unit that reads well."""

from __future__ import annotations

from decimal import Context, Decimal

_UNITS = ((Decimal(10) ** 9, "bn"), (Decimal(10) ** 6, "M"), (Decimal(10) ** 3, "k"))
_CONVERTED = Context(prec=4)


def amount_text(amount: Decimal) -> str:
    """Return an amount in the largest unit that reads well.

    >>> [amount_text(Decimal(one)) for one in ("600000000", "2150000000", "1500")]
    ['600M', '2.15bn', '1.5k']
    """
    for unit, name in _UNITS:
        if amount >= unit:
            return f"{bare(amount / unit)}{name}"
    return bare(amount)


def converted_text(amount: Decimal) -> str:
    """Return a converted amount with four digits.

    >>> converted_text(Decimal("1855802171"))
    '1.856bn'
    """
    return amount_text(_CONVERTED.plus(amount))


def bare(number: Decimal) -> str:
    """Return a number without exponent and without zeros at its end."""
    text = format(number.normalize(), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
