"""What the API takes and answers: requests are checked by these models, and the document is made of them."""

from datetime import datetime, timedelta
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from bot.briefs.model import LONGEST_TEXT
from bot.kernel.money import Money
from bot.kernel.task_type import BY_CHOICE
from bot.partners.model import NewOrder

LONGEST_HOURS = 2_160  # 90 days
Type = Literal["research", "drafting", "data-transform", "other"]
State = Literal[
    "deferred", "queued", "drafting", "judging", "in_review", "approved", "delivered", "invoiced", "paid", "rejected",
    "cancelled", "failed",
]  # fmt: skip
Count = Annotated[int, Field(ge=0)]


def _something(text: str) -> str:
    # a pattern that says so, \p{L}, is none to half of the libraries that read the document
    if not any(letter.isalnum() for letter in text):
        raise ValueError("has neither a letter nor a digit")
    return text


class Taken(BaseModel):
    """What is sent to us: nothing else beside it, and no other types in its place."""

    model_config = ConfigDict(extra="forbid", strict=True, defer_build=True)


class Given(BaseModel):
    """What we answer."""

    model_config = ConfigDict(defer_build=True)


class Price(Taken):
    """An amount in whole minor units (cents; yen for JPY) of a currency of ISO 4217."""

    amount_minor: int = Field(ge=0, le=10**12, examples=[12_000])
    currency: str = Field(pattern=r"^[A-Z]{3}$", examples=["USD"])

    @property
    def money(self) -> Money:
        """The amount."""
        return Money(self.amount_minor, self.currency)


class BriefOrder(Taken):
    """A brief, ordered by this call: it is drafted, judged, reviewed, delivered and invoiced as any other."""

    text: Annotated[str, AfterValidator(_something)] = Field(
        min_length=1,
        max_length=LONGEST_TEXT,
        description="What is to be made, in a sentence or more, in any language; with a letter or a digit at least.",
        examples=["Write a product page for our solar lamp, about 200 words."],
    )
    type: Type = Field(default="drafting", description="The kind of work; it decides the price.")
    language: Literal["", "en", "es", "ur", "de", "fr"] = Field(
        default="", description="The language of the work; empty: that of the text."
    )
    due_in_hours: int | None = Field(
        default=None, ge=1, le=LONGEST_HOURS, description="By when it is needed, in hours from now."
    )
    expected_price: Price | None = Field(
        default=None, description="Where the price is another one, nothing is ordered and the answer is 409."
    )

    def order(self) -> NewOrder:
        """As the verbs take it."""
        due = None if self.due_in_hours is None else timedelta(hours=self.due_in_hours)
        expected = None if self.expected_price is None else self.expected_price.money
        return NewOrder(self.text, BY_CHOICE[self.type], self.language, due, expected)


class KeyToExchange(Taken):
    """A partner's key, as an admin made it by /partners."""

    key: str = Field(min_length=1, max_length=200, examples=["epk_1001_…"])


class AccessToken(Given):
    """What every other call shows: `Authorization: Bearer …`. https://www.rfc-editor.org/rfc/rfc6750"""

    access_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 - the kind of it
    expires_in: Count = Field(description="Seconds for which it counts.")


class GivenPrice(Given):
    """An amount in whole minor units of a currency."""

    amount_minor: Count
    currency: str


class Brief(Given):
    """A brief that was ordered by the API."""

    id: int
    state: State
    type: Type
    title: str
    price: GivenPrice
    deadline: datetime | None
    created_at: datetime
    updated_at: datetime
    version: int = Field(description="Grows with every change.")


class Result(Given):
    """The finished work."""

    id: int
    state: State
    format: Literal["markdown"] = "markdown"
    text: str
    sha256: str = Field(description="Of the text in UTF-8, in hexadecimal digits.")


class PriceOfType(GivenPrice):
    """What a brief of a type costs."""

    type: Type


class Stats(Given):
    """The partner's month, by UTC."""

    month_began: datetime
    resets_at: datetime
    quota: Count
    used: Count
    left: Count
    briefs: dict[State, Count] = Field(description="How many of the month's briefs stand where.")
    prices: list[PriceOfType] = Field(description="What a brief costs now.")


class Status(Given):
    """How well it runs, for everybody."""

    status: Literal["operational", "degraded", "closed"] = Field(
        description="degraded: work takes longer; closed: no briefs are taken just now."
    )


class FieldProblem(Given):
    """What is wrong with one part of a request."""

    pointer: str = Field(description="Where it stands, as a JSON pointer (RFC 6901).")
    detail: str


class Problem(Given):
    """What went wrong: https://www.rfc-editor.org/rfc/rfc9457"""

    type: str = Field(examples=["urn:echopilot:problem:quota-used"])
    title: str
    status: int
    detail: str = ""
    errors: list[FieldProblem] = []
    price: GivenPrice | None = None
