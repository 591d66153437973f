"""Which letters the font of charts has; others would be drawn as empty boxes."""

# Latin with its accents, Arabic with Urdu's letters, punctuation, signs of direction that nobody sees, of currencies.
_BLOCKS = (
    (0x20, 0x7E),
    (0xA0, 0x17F),
    (0x600, 0x6FF),
    (0x200B, 0x200F),
    (0x2010, 0x2026),
    (0x2066, 0x2069),
    (0x20AC, 0x20AC),
)


def drawable(words: str) -> bool:
    """Whether every letter of the words can be drawn."""
    return all(any(first <= ord(letter) <= last for first, last in _BLOCKS) for letter in words)
