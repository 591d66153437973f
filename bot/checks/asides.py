"""What a model says to whoever asked it, beside the work: that it begins, what it lacked, what else it could do; and
the marks that its own machinery leaves in a text.

Only for running text. What the brief says itself is not looked at again.
"""

import re

_MADE = (
    r"(?:draft|version|text|page|article|copy|post|letter|e-?mail|summary|translation|rewrite|description|blog post)"
)
_DO = (
    r"(?:shorten|expand|translate|adapt|rewrite|revise|adjust|tailor|refine|reformat|rephrase|make it|make this"
    r"|change"
    r"|make (?:any|further|some) changes|write (?:a|another)|create (?:a|another)|provide (?:a|another)"
    r"|turn (?:it|this))"
)
_LACKED = r"(?:mention|say|state|specify|give|include|provide|contain|tell)"
_WORK = rf"(?:an? |the |this |some |my |up )?(?:[\w'-]{{1,20}} ){{0,5}}(?:{_MADE}|brief)\b"
_BEGINS = re.compile(
    r"\W*(?:(?:ok(?:ay)?|so|alright|hmm+|well|right|got it|understood|great|perfect)[,.!]? )*"
    rf"(?:(?:first, )?the user (?:wants|asks|asked|is asking|needs|would like|requested)[^\n.]{{0,40}} {_WORK}"
    r"|(?:first, )?(?:we|i)(?:'ll| will|'m going to| am going to| need to| have to| must| should"
    r"|'m asked to) (?:now )?"
    rf"(?:write|draft|produce|create|craft|outline|analy[sz]e|understand|figure out)(?: about| out)? {_WORK}"
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
_SAID = re.compile(
    rf"^here(?: is| are|'s) (?:your|the|a|an) (?:[\w-]{{1,20}} ){{0,3}}{_MADE}\b[^\n]{{0,40}}[:.]$"
    rf"|^here you go[:!. ]{{0,3}}$"
    rf"|^(?:sure|certainly|of course|absolutely|got it)[,!.] ?(?:here|below)(?: is|'s| are) [^\n]{{0,60}}$"
    r"|\bas an a\.i\.|\b(?:i am|i'm|as) (?:chatgpt|gpt-?\d|claude|gemini|copilot|llama|mistral)\b(?=[,. ]+(?:made"
    r"|a|an|i|an? ai)\b)"
    rf"|\b(?:your|the) (?:brief|prompt|instructions|request) (?:does not|doesn't|did not|didn't) {_LACKED}\b"
    rf"|\byou (?:did not|didn't|have not|haven't) (?:{_LACKED}|provided|given|specified|attached"
    rf"|mentioned)\b(?= (?:a|an|any|the|me)\b)"
    r"|\bno (?:attachment|file|document|source text) (?:was|is|has been) (?:provided|attached|given|included"
    r"|supplied)\b"
    r"|\bi (?:was|am|'m) unable to (?:open|read|access|find|verify|write|see|view|process) (?:the|this|your|any"
    r"|that)\b"
    r"|\bi (?:cannot|can't|could not|couldn't) (?:verify|open|read|see|view) (?:the|this|your|any) (?:price"
    r"|figures?|file|facts?|attach\w*|document|image|link|information|claims?|details?)\b"
    r"|\bi (?:don't|do not) have (?:any |enough )?(?:(?:information|details|data) (?:about|on|for) (?:the|your"
    r"|this)|the attached|the file|the document)\b"
    r"|\bas (?:requested|specified|asked|outlined|instructed|per) (?:in |by )?(?:the|your) (?:brief|instructions"
    r"|prompt)\b|\bper (?:the|your) (?:brief|instructions|prompt)\b"
    r"|^\W{0,4}note(?: to (?:the )?(?:client|editor|reviewer|self))?: ?(?:please (?:replace|add|insert|fill|check"
    r"|verify|confirm|update)|i (?:left|have|added|used|assumed|kept|omitted)|check|this is a draft)\b"
    r"|\bnote to (?:the )?(?:client|editor|reviewer|self)\b"
    r"|\bplease (?:replace|fill in|insert|complete|add) (?:the |your |all |any )?(?:bracketed|placeholders?"
    r"|missing|blank|highlighted|(?:price|date|name|address|phone)s? (?:with|here|where))\b"
    r"|\bplease (?:fill in|insert|add) (?:the|your) [\w ]{2,30} here\b"
    rf"|\bi(?: can| could|'d be happy to|'m happy to|'ll gladly) (?:also |gladly |easily )?{_DO}\b"
    rf"|\b(?:do you want me to|shall i|should i|want me to|happy to) {_DO}\b"
    r"|\bwould you (?:like|prefer) (?:a|an|another) (?:[\w-]{1,20} )?version\b|\banything else you(?:'d"
    r"| would) like me to\b"
    rf"|\bi hope (?:this|the) {_MADE} (?:helps|meets|works|fits)\b|\bfeel free to (?:change|adapt|alter"
    rf"|shorten) (?:the|this|it|any)\b"
    r"|\bsoll ich (?:\w+ ){0,3}(?:kürzen|ändern|anpassen|überarbeiten|übersetzen|ergänzen|umformulieren)\b"
    r"|\bob ich (?:noch )?etwas (?:ändern|anpassen|ergänzen)\b|\bich hoffe, (?:das|dies|der text) (?:hilft|passt"
    r"|gefällt)\b"
    r"|¿(?:quieres|quiere|desea|deseas) que (?:lo|la|te|le|el|haga)\b|\bespero que (?:esto|el texto|te|le) (?:te "
    r"|le )?(?:ayude|sirva)\b"
    r"|\b(?:souhaitez|voulez|veux)-(?:vous|tu) que je\b|\bj'espère que (?:cela|ce texte|ça) (?:vous |te )?(?:aide"
    r"|convient|plaît)\b"
    rf"|\b(?:this|the) {_MADE} (?:is|has|contains|runs to) (?:about |exactly )?\d{{1,5}} words\b"
    r"|\b(?:prices?|names?|figures|numbers|details|quotes?|testimonials?|addresses|dates?)(?: (?:above|below|here"
    r"|used|in brackets))?"
    r" (?:is|are) (?:only |just |all )?(?:fictional|fictitious|placeholders?|made up|invented|examples only)\b"
    r"|^\W{0,6}(?:disclaimer: )?(?:this (?:text|page|article|content|draft) was )?(?:generated|written"
    r"|created) (?:by|with|using)"
    r" (?:an? )?(?:ai\b|chatgpt|language model)"
    r"|\bhope this (?:helps|meets|works)\b|\b(?:understand|analy[sz]e) the (?:brief|prompt)\b"
    r"|^\W{0,6}(?:total(?: word count)?: ?|approx\w*\.? |about |length: ?|wörter: ?|anzahl wörter: ?|palabras: ?"
    r"|mots ?: ?)?\(?\d{1,5}\)? ?(?:words?|wörter|palabras|mots|characters)\W{0,4}$"
    r"|^\W{0,6}(?:(?:anzahl )?wörter|palabras|mots|words|word count) ?: ?\d{1,5}\W{0,4}$"
    rf"|^\W{{0,8}}end of (?:the )?{_MADE}\W{{0,8}}$|^\W{{0,8}}end of (?:document|brief|response|answer"
    rf"|output)\W{{0,8}}$"
    r"|^\W{0,6}(?:(?:first|final|rough|revised) )?(?:draft|version|entwurf|borrador"
    r"|brouillon)(?: ?v?\d{1,2})?\W{0,4}$|^\W{0,6}(?:draft|version|option) \d\W{0,3}:\W{0,4}$"
    r"|^\W{0,4}\((?:continued|more|cont'?d|to be continued)[^()\n]{0,30}\)\W{0,4}$"
    r"|\b(?:inserte|inserire|insérez|insérer|insira|voeg) (?:aquí|qui|ici|aqui|hier)\b|\binserte aquí",
    re.IGNORECASE | re.MULTILINE,
)
# What products around models put into their texts, by their own names for sources, files and turns.
_MARKS = re.compile(
    r"【\d{1,3}(?::\d{1,3})?†[^】\n]{0,60}】|cite(?:turn\d{1,3}\w{3,12})+|\bturn\d{1,3}(?:search|view|news|file"
    r"|image|fetch)\d{1,3}\b"
    r"|:contentReference\[|\[?oaicite:|utm_source=(?:chatgpt|openai|perplexity|copilot)|sandbox:/mnt/|\uE200"
    r"|\uE201|\uE202"
    r"|</?(?:system|tool_calls?|tool_response|function_calls?|function|reflection|scratchpad|invoke|eos|bos"
    r"|end_of_turn|start_of_turn)>"
    r"|(?<!<s>)</s>\s*\Z|<<(?:SYS|/SYS)>>|\[(?:TOOL_CALLS|AVAILABLE_TOOLS|SYSTEM_PROMPT)\]",
    re.IGNORECASE,
)


def aside(brief: str, draft: str) -> str:
    """The first thing in the draft that is said to whoever asked; empty where there is none."""
    asked, text = brief.casefold(), draft.replace("’", "'")
    for found in (_MARKS.search(draft), _BEGINS.match(text), *_SAID.finditer(text)):
        words = " ".join(found[0].split()) if found else ""
        if words and words.casefold().strip("*_.:# ") not in asked:
            return words
    return ""
