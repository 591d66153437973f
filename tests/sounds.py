"""Recordings for tests: silence of any length."""

import io
import wave


def recording(seconds: int) -> bytes:
    """A WAV file of so many seconds."""
    data = io.BytesIO()
    with wave.open(data, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(1)
        out.setframerate(8000)
        out.writeframes(bytes(8000 * seconds))
    return data.getvalue()
