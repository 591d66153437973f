"""What a model says to whoever asked it, beside the work: that it begins, what it lacked, what else it could do; and
the marks that its own machinery leaves in a text.

Only for running text. What the brief says itself is not looked at again.
"""

import re
from itertools import islice

from bot.checks.leftovers.aside_kinds import MADE, MARKS, SAID
from bot.checks.leftovers.european_kinds import EUROPEAN
from bot.checks.leftovers.kinds import each, folded, in_one_line
from bot.checks.leftovers.spanish_kinds import SPANISH
from bot.checks.leftovers.urdu_kinds import URDU

_KINDS = (*SAID, *SPANISH, *URDU, *EUROPEAN)
_WORK = rf"(?:an? |the |this |some |my |up )?(?:[\w'-]{{1,20}} ){{0,5}}(?:{MADE}|brief)\b"
_BEGINS = re.compile(
    r"\W*(?:(?:ok(?:ay)?|so|alright|hmm+|well|right|got it|understood|great|perfect)[,.!]? )*"
    rf"(?:(?:first, )?the user (?:wants|asks|asked|is asking|needs|would like|requested)[^\n.]{{0,40}} {_WORK}"
    r"|(?:first, )?(?:we|i)(?:'ll| will|'m going to| am going to| need to| have to| must| should"
    r"|'m asked to) (?:now )?"
    rf"(?:write|draft|produce|create|craft|outline|analy[sz]e|understand|figure out)(?: about| out)? (?:{_WORK}"
    r"|(?:around |roughly |exactly |some )?\d{1,5} (?:words|sentences|paragraphs)\b)"
    rf"|let(?:'s| me| us) (?:write|draft|craft|create|outline|analy[sz]e)(?: about)? {_WORK}"
    r"|let(?:'s| me| us) (?:think (?:step|this|about (?:this|the (?:brief|request|task)))|break (?:this|it) down)\b"
    r"|here(?:'s| is) (?:a|my) (?:thinking|thought|reasoning)\b|(?:great|good|excellent) question\b"
    r"|thank(?:s| you) for (?:the|your|this) (?:brief|prompt|detailed (?:brief|request|instructions))\b"
    r"|(?:step 1: )?(?:understand|analy[sz]e|read) the (?:brief|task|request|prompt)\b"
    r"|the brief (?:asks|wants|says|calls for)\b|got it[.!]|here you go\b"
    r"|(?:(?:natürlich|gerne?|selbstverständlich|klar|¡?claro(?: que sí)?|por supuesto|con gusto|bien sûr"
    r"|volontiers|certo"
    r"|certamente)[!,. ]{1,4})?(?:hier (?:ist|sind)|aquí (?:está|tienes|tiene)|voici|ecco|here(?:'s"
    r"| is))[^\n]{0,60}\b(?:text"
    r"|seite|entwurf|artikel|version|fassung|texto|página|borrador|artículo|texte|page|brouillon|testo|pagina"
    r"|bozza|articolo"
    r"|draft|article|copy)\b[^\n:]{0,40}:[ \t]*(?:\n|\Z)"
    r"|(?:thought|reasoning|chain of thought|inner monologue|scratchpad):)",
    re.IGNORECASE,
)


def aside(brief: str, draft: str) -> str:
    """The first thing in the draft that is said to whoever asked; empty where there is none."""
    asked, text = brief.casefold(), draft.replace("’", "'")
    said = folded(text)
    marks = islice(each(MARKS, draft, said), 1)
    for found in (*marks, _BEGINS.match(text), *each(_KINDS, text, said)):
        words = in_one_line(found[0]) if found else ""
        if words and words.casefold().strip("*_.:# ") not in asked:
            return words
    return ""
