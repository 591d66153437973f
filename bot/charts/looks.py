"""Colours and letters of charts. Text stands out from what is behind it by 4.5 to 1 at least, and bars by 3 to 1.

https://www.w3.org/TR/WCAG22/#contrast-minimum, #non-text-contrast
"""

FONT = "IBM Plex Sans Arabic"  # Latin letters, all of Urdu, and signs of currencies in one file
_LETTERS = (
    f"text{{font-family:'{FONT}';font-size:13px}}"
    ".label{font-size:14px}.figure{font-size:27px;font-weight:600}.note{font-size:13px}"
    ".name,.value{font-size:14px}.value{font-weight:600}.tick,.legend{font-size:12px}.tick.last{font-weight:600}"
)
DARK = _LETTERS + (
    ".sheet{fill:#17212b}text{fill:#a9b8c6}.figure,.value,.tick.last{fill:#fff}.name{fill:#dde5ec}"
    ".grid{stroke:#263544;stroke-width:1}.zero{stroke:#4a5d70;stroke-width:1}.track{fill:#22303d}"
    ".fill.plain{fill:#6ab3f3}.fill.kept{fill:#5fc9a1}.fill.spent{fill:#54789e}.fill.warn{fill:#f2b35e}"
    ".fill.bad{fill:#ef7d78}.fill.quiet{fill:#7b8b9b}"
    ".fill.past{fill:#fff}.fill.likely{fill:#6ab3f3}.fill.possible{fill:#54789e}"
    ".line{fill:none;stroke-width:2;stroke-linejoin:round}.line.past{stroke:#fff}.line.middle{stroke:#17212b}"
)
PAPER = _LETTERS + (
    ".sheet{fill:#fff}text{fill:#53605b}.figure,.value,.tick.last,.name{fill:#16211e}"
    ".grid{stroke:#e4e4dd;stroke-width:1}.zero{stroke:#93a09b;stroke-width:1}.track{fill:#ecebe4}"
    ".fill.plain{fill:#0b6b5d}.fill.kept{fill:#238a6f}.fill.spent{fill:#7d8f9f}.fill.warn{fill:#a86f0c}"
    ".fill.bad{fill:#c8453a}.fill.quiet{fill:#7b8783}"
)
