"""Every schema that models are asked to fit is one that strict mode takes."""

import pytest

from bot.experiments import compare
from bot.intake import prompt as intake_prompt
from bot.quality import judge
from sandbox.openai.errors import APIError
from sandbox.openai.schema import check_strict


@pytest.mark.parametrize("schema", [judge.SCHEMA, compare.SCHEMA, intake_prompt.SCHEMA])
def test_our_schemas(schema: dict[str, object]) -> None:
    """Ours are taken."""
    assert check_strict("ours", schema, "response_format") == schema


def test_schemas_that_are_too_much() -> None:
    """Conditions and one choice of several schemas, eleven levels, and too many properties or values are refused."""
    deep: dict[str, object] = {"type": "string"}
    for _ in range(11):
        deep = {"type": "object", "properties": {"a": deep}, "required": ["a"], "additionalProperties": False}

    def one(part: dict[str, object]) -> dict[str, object]:
        return {"type": "object", "properties": {"a": part}, "required": ["a"], "additionalProperties": False}

    keywords = [one({word: []}) for word in ("oneOf", "allOf", "not", "if")]
    names = [str(number) for number in range(5_001)]
    wide = {"type": "object", "properties": {name: {"type": "string"} for name in names}, "required": names}
    many = one({"type": "string", "enum": names[:1_001]})
    for schema in (deep, *keywords, wide | {"additionalProperties": False}, many):
        with pytest.raises(APIError) as refused:
            check_strict("ours", schema, "response_format")
        assert refused.value.status == 400
