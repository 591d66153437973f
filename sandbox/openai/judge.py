"""The judge by rules: four scores with reasons, from the material alone. It never obeys what the material says."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import shorten
from typing import Any

from sandbox.openai import criticism, reading
from sandbox.openai.arithmetic import unknown_figures
from sandbox.openai.formats import missing_form
from sandbox.openai.prompt import Prompt, criteria, resolve
from sandbox.openai.schema import fill

_HYPE = re.compile(
    r"\b(?:amazing|awesome|revolutionary|game-chang\w+|world-class|best-in-class|cutting-edge|unbelievable|incredible"
    r"|mind-blowing|guaranteed|unparalleled|ultimate|insane|once-in-a-lifetime|unbeatable)\b",
    re.IGNORECASE,
)
_SLANG = re.compile(
    r"\b(?:lol|dudes?|guys|gonna|wanna|kinda|yeah|whatever|bail|broke|deal with it|coughs? up|no whining)\b",
    re.IGNORECASE,
)
_BLAME = re.compile(
    r"\b(?:your own (?:fault|decision|choice)|(?:complaints|people|customers) like (?:you|yours)|cannot hold us"
    r"|as you could have|cost us time|do(?:es)? not understand the|would be a mistake)\b",
    re.IGNORECASE,
)
# How the text is to be, not what is to stand in it.
_ABOUT_FORM = re.compile(
    r"^(?:for each|sober|plain|short|honest|friendly|calm|respectful|warm|no|nothing|only|keep|drop|take out|clean\w*"
    r"|answer (?:first|with)|sorted|dates in|one row|leave out nobody|readers?|please write down)\b"
    r"|\bat most \d+|\bno more than\b|\bshall be (?:short|long|plain)|\bfillers\b|\btranscript\b|\bevery figure\b",
    re.IGNORECASE,
)
_CRITERIA = ("clarity", "accuracy", "completeness", "tone")
_LONG_SENTENCE = 28  # words; plain-language guides put the limit near 25
_SHORT_DRAFT = 40  # words
_UNSTRUCTURED = 120  # words that may stand without a heading, a list or a blank line


@dataclass(frozen=True)
class Verdict:
    """One criterion's score (0-100), why, and the sentence that shows it."""

    score: int
    reason: str
    quote: str | None = None


def results(prompt: Prompt) -> dict[str, Any]:
    """The structured answer: one result per criterion of the schema, its other fields filled by their type."""
    schema = prompt.schema
    assert schema is not None
    item = resolve(resolve(schema["properties"]["results"], schema)["items"], schema)
    scored = []
    for criterion in criteria(schema):
        verdict = judge(criterion, prompt.material)
        found = fill(item, prompt)
        known = {"criterion": criterion, "score": verdict.score, "reason": verdict.reason, "quote": verdict.quote}
        scored.append({**found, **{key: value for key, value in known.items() if key in found}})
    answer: dict[str, Any] = fill(schema, prompt)
    tried = reading.addresses_the_model(" ".join(prompt.material.values()))
    for key, value in answer.items():
        if isinstance(value, bool) and re.search("inject|manipul|instruct|suspicious", key):
            answer[key] = tried
    return {**answer, "results": scored}


def comparison(prompt: Prompt) -> dict[str, Any]:
    """Which of the materials "A" and "B" has the higher scores in all; within two points a criterion it is a tie."""
    around = {name: text for name, text in prompt.material.items() if name not in {"A", "B"}}
    points = {name: _total({**around, "draft": prompt.material.get(name, "")}) for name in ("A", "B")}
    ahead = points["A"] - points["B"]
    winner = "tie" if abs(ahead) <= 2 * len(_CRITERIA) else "A" if ahead > 0 else "B"
    assert prompt.schema is not None
    found: dict[str, Any] = fill(prompt.schema, prompt)
    known = {"winner": winner, "reason": f"A has {points['A']} points by rule, B {points['B']}"}
    return {**found, **{key: value for key, value in known.items() if key in found}}


def _total(material: Mapping[str, str]) -> int:
    return sum(judge(criterion, material).score for criterion in _CRITERIA)


def judge(criterion: str, material: Mapping[str, str]) -> Verdict:
    """Score the material "draft" against the brief and what came with it; unknown criteria are scored for clarity."""
    draft = material.get("draft", "")
    brief = material.get("brief", "")
    source = "\n".join(text for name, text in material.items() if name not in {"draft", "feedback"})
    said = criticism.of(brief)
    if not draft.strip():
        return Verdict(0, said["nothing"])
    if criterion in {"clarity", "completeness"} and reading.gives_back(draft, brief):
        return Verdict(20, said["echo"])
    rule = {"accuracy": _accuracy, "completeness": _completeness, "tone": _tone}.get(criterion, _clarity)
    verdict = rule(draft, brief if criterion == "completeness" else source, said)
    return Verdict(max(0, verdict.score - _variation(criterion, draft)), verdict.reason, verdict.quote)


def _clarity(draft: str, _source: str, said: Mapping[str, str]) -> Verdict:
    count = max(len(reading.words(draft)), len(draft.split()))
    if count < _SHORT_DRAFT:
        return Verdict(72, said["short"].format(count=count))
    prose = "\n".join(line for line in draft.splitlines() if not line.startswith("|")) or draft
    longest = max(reading.sentences(prose), key=lambda sentence: len(sentence.split()))
    length = len(longest.split())
    if length > _LONG_SENTENCE:
        return Verdict(max(50, 90 - (length - _LONG_SENTENCE)), said["long"].format(count=length), longest)
    if (
        count > _UNSTRUCTURED
        and not re.search(r"^\s*(?:#|[-*] |\||\d+\. )", draft, re.MULTILINE)
        and "\n\n" not in draft
    ):
        return Verdict(74, said["block"])
    return Verdict(94, said["clear"])


def _not_there(one: str, many: str, words: Sequence[str]) -> str:
    """The sentence about one word, or about several."""
    return (one if len(words) == 1 else many).format(what=", ".join(f"“{word}”" for word in dict.fromkeys(words)))


def _word_with(figure: str, draft: str) -> str:
    """The figure as the draft writes it: "14th"."""
    found = re.search(rf"(?<!\d){re.escape(figure)}(?:st|nd|rd|th)?\b", draft)
    return found[0] if found else figure


def _accuracy(draft: str, source: str, said: Mapping[str, str]) -> Verdict:
    invented = unknown_figures(draft, source)
    if invented:
        figures = [_word_with(figure, draft) for figure in invented[:3]]
        claim = _not_there(said["figure"], said["figures"], figures)
        return Verdict(max(20, 64 - 8 * (len(invented) - 1)), claim, _sentence_with(invented[0], draft))
    known = set(re.findall(r"[a-zà-ÿ]+", source.lower()))
    strangers = list(dict.fromkeys(name for name in reading.names(draft) if name.lower() not in known))
    if strangers:
        claim = _not_there(said["name"], said["names"], strangers[:3])
        return Verdict(max(30, 68 - 6 * (len(strangers) - 1)), claim, _sentence_with(strangers[0], draft))
    return Verdict(94, said["true"])


def _completeness(draft: str, brief: str, said: Mapping[str, str]) -> Verdict:
    if lacking := missing_form(draft, brief, said):
        return Verdict(42, lacking)
    wanted = [ask for ask in reading.asks(brief) if not _ABOUT_FORM.search(ask)]
    if not wanted:
        return Verdict(90, said["nothing asked"])
    covered = reading.key_terms(draft)
    terms = [reading.key_terms(ask) for ask in wanted]
    everywhere = {
        term for term in set().union(*terms) if len(terms) > 2 and sum(term in own for own in terms) * 2 > len(terms)
    }
    telling = [own - everywhere or own for own in terms]
    left_out = [ask for ask, own in zip(wanted, telling, strict=True) if len(own & covered) * 2 < len(own)]
    if not left_out:
        return Verdict(95, said["complete"])
    share = 1 - len(left_out) / len(wanted)
    missing = "; ".join(f"“{shorten(ask, 60, placeholder='…')}”" for ask in left_out[:3])
    return Verdict(round(40 + 48 * share), said["left out"].format(what=missing))


def _tone(draft: str, _source: str, said: Mapping[str, str]) -> Verdict:
    hype = [match.group(0) for match in _HYPE.finditer(draft)]
    shouts = draft.count("!")
    if hype:
        score = max(35, 82 - 9 * len(hype) - 3 * shouts)
        return Verdict(score, said["hype"].format(word=hype[0]), _sentence_with(hype[0], draft))
    if rude := next((found for pattern in (_SLANG, _BLAME) if (found := pattern.search(draft))), None):
        return Verdict(42, said["rude"].format(word=rude.group(0)), _sentence_with(rude.group(0), draft))
    if shouts > 1:
        return Verdict(max(55, 90 - 5 * shouts), said["shouts"].format(count=shouts), _sentence_with("!", draft))
    return Verdict(93, said["calm"])


def _sentence_with(part: str, draft: str) -> str | None:
    plain = re.compile(rf"(?<!\d){re.escape(part)}(?!\d)") if part[0].isdigit() else re.compile(re.escape(part))
    return next((sentence for sentence in reading.sentences(draft) if plain.search(sentence.replace(",", ""))), None)


def _variation(criterion: str, draft: str) -> int:
    """0 to 6 points that depend on nothing but the criterion and the draft, so that scores do not all look alike."""
    return hashlib.sha256(f"{criterion}\n{draft}".encode()).digest()[0] % 7
