"""What single settings may hold."""

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, HttpUrl


def _address(value: str) -> str:
    HttpUrl(value)
    return value.rstrip("/")


def _odd(value: int) -> int:
    if value % 2 == 0:
        raise ValueError("is even, and of an even number there is no median")
    return value


def _two_amounts(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        read, written = (Decimal(part) for part in value.split("/"))
    except (ValueError, ArithmeticError):
        raise ValueError("write model=read/written, such as 0.4/2") from None
    if not all(amount.is_finite() and 0 <= amount <= 1_000 for amount in (read, written)):
        raise ValueError("is not between 0 and 1000 USD for a million tokens")
    return read, written


Address = Annotated[str, AfterValidator(_address)]
Odd = Annotated[int, AfterValidator(_odd)]
Effort = Literal["none", "minimal", "low", "medium", "high", "xhigh", "max", "default"]
ModelPrice = Annotated[tuple[Decimal, Decimal], BeforeValidator(_two_amounts)]
Points = Annotated[int, Field(ge=0, le=100)]
