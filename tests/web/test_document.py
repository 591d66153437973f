"""The API's document says what the API does."""

from openapi_spec_validator import OpenAPIV31SpecValidator

from bot.ops.version import ROOT
from bot.partners.model import TOLD
from web.api.openapi import document
from web.api.operations import OPERATIONS


def test_the_document_is_valid() -> None:
    """It is an OpenAPI 3.1 document without a mistake."""
    assert list(OpenAPIV31SpecValidator(document()).iter_errors()) == []


def test_every_operation_is_told() -> None:
    """Every operation stands in it with what may come of it, and in docs/api.md."""
    said, page = document(), (ROOT / "docs" / "api.md").read_text()
    for one in OPERATIONS:
        told = said["paths"][one.path][one.method]
        assert told["operationId"] == one.name
        assert {"400", "404", "405", "429", "503", str(one.status)} <= set(told["responses"])
        assert ("401" in told["responses"]) is (one.signed_in or one.name == "exchangeKey")
        assert f"`{one.method.upper()} {one.path}`" in page


def test_what_is_told_stands_on_the_page() -> None:
    """docs/api.md has every kind of message with when it comes."""
    page = (ROOT / "docs" / "api.md").read_text()
    assert [name for name, words in TOLD.items() if f"| `{name}` | {words} |" not in page] == []
