"""What attempts to steer a judge look like, by family. Read by `bot.quality.injection` over plain, visible text.

Each pattern wants two things together (an order and what it is about, a criterion and a figure), since honest briefs
are full of each alone: scores of matches, assistants in transcripts, approvals in e-mails.
Sources: OWASP LLM01:2025 (https://genai.owasp.org/llmrisk/llm01-prompt-injection/), Greshake et al. 2023
(https://arxiv.org/abs/2302.12173), Shi et al. 2024 on attacks on judges (https://arxiv.org/abs/2403.17710).
"""

import re
from enum import StrEnum

from bot.kernel.text.patterns import LazyPattern
from bot.kernel.translation import gettext_noop as N_


class Family(StrEnum):
    """A way of steering the judge, in the words that operators read and that briefs are stored with.

    They stand behind "Flagged:", with nobody named who does it.
    """

    MARKERS = N_("imitates the markers around the material")
    SPEAKER = N_("imitates a change of speaker")
    SCORE = N_("tries to set its own score")
    ORDERS = N_("orders to ignore instructions")
    PERSONA = N_("tells the judge who to be")
    APPROVAL = N_("asks to be let through")
    CRITERIA = N_("tries to change the criteria")
    AUTHORITY = N_("speaks to the judge with borrowed authority")
    HIDDEN = N_("holds hidden text")
    DISGUISE = N_("disguises an order")


# Texts about such attempts may quote them; what imitates our own machinery is never a quotation.
QUOTABLE = frozenset({Family.ORDERS, Family.PERSONA, Family.APPROVAL, Family.AUTHORITY})

_CRITERION = r"(?:clarity|accuracy|completeness|tone)"
_CRITERIA = rf"(?:{_CRITERION}|(?:every|each|all(?: the)?|the) criteri(?:on|a)|all four)"
_WORK = r"(?:draft|submission|response|answer|piece|text|work|brief|output|translation|document|entry)"
_THIS = rf"(?:(?:this|the|my|our)(?: (?:whole|entire|following|above|attached|present))? {_WORK}|this one|it|this)"
_JUDGE = (
    r"(?:judge|grader|evaluator|scorer|examiner|assessor|ai|llm|language model|model|assistant|chatbot|bot|"
    r"reviewer|critic|scoring system)"
)
_TOP = r"(?:100|9[0-9]|one hundred|a hundred|full marks|top marks|(?:a |the )?(?:perfect|maximum|highest|top|full|best)(?: possible)? (?:score|mark|rating|grade|result)s?|10 ?/ ?10|5 ?/ ?5)(?!\s*(?:%|percent|per cent)|[.,]\d|\w)"
# where an imperative begins, after what is no part of it: not "she has to approve this draft"
_DO = r"(?:(?P<lead>^|[.!?;:,\n()\[\]{}>*\"“'’/|-]\s*)|\b(?:please|must|should|always|just|simply|now|then|and|shall|will|kindly|hereby)\s+)"
_RULES = r"(?:instruction|rule|prompt|guideline|directive|criteri(?:on|a)|rubric|constraint|command)s?"
_EARLIER = (
    r"(?:previous|prior|above|earlier|preceding|foregoing|former|your|system|original|initial|scoring|grading|judging|"
    r"evaluation|hidden|judge['’]?s|studio['’]?s|quality)"
)
_IGNORE = (
    r"(?:ignore|disregard|forget|override|overrule|bypass|discard|neglect|abandon|dismiss|set aside|do not follow|"
    r"don['’]t follow|stop following|stop obeying|do not obey|pay no attention to|delete|erase|throw away|drop)"
)

# Each pattern stands behind words of which one has to be in a text that it fits (case folded, `|` between them): looking
# for those first is ten times as fast. An empty text stands before a pattern that is always tried.
# fmt: off
_TABLE: dict[Family, tuple[tuple[str, str], ...]] = {
    Family.MARKERS: (
        ("brief|draft|instructions|material|submission|system", r"[\[(<{]\s*(?:end|begin|start|close)\s+(?:of\s+)?(?:the\s+)?(?:draft|brief|material|instructions|system|submission)\s*[\])>}]"),
        ("brief|draft|material|submission|untrusted", r"\b(?:END|BEGIN|START|CLOSE)[_-](?:OF[_-])?(?:DRAFT|BRIEF|MATERIAL|SUBMISSION|UNTRUSTED\w*)\b"),
        ("material", r"</?\s*material\b[^>\n]{0,80}>?"),
        ("brief|draft|feedback", r"</?\s*(?:brief|draft|earlier draft|feedback)(?:\s+(?:id|name)\s*=[^>\n]{0,80})?\s*>"),
        ("material", r"\[/?\s*material\b[^\]\n]{0,80}\]"),
        ("brief|draft|material|submission|untrusted |user ", r"\b(?:end|close|begin|start|stop)\s+of\s+(?:the\s+)?(?:draft|brief|material|submission|untrusted \w+|user (?:input|message))\b"),
        ("brief|draft|fence|material|submission", r"[-=*_#~]{2,}\s*(?:end|close|begin|start|stop)\s+(?:the\s+)?(?:draft|brief|material|submission|fence)\b[^\n]{0,40}"),
        ("brief|draft|fence|marker|material|quoted ", r"\bthe (?:material|draft|brief|fence|marker|quoted (?:part|text))s? (?:ends?|is closed|closes|is over|stops?|has ended) (?:here|now|above)\b"),
        ("draft|material", r"\b(?:material|draft) (?:id|name)\s*=\s*[\"']?\w+"),
    ),
    Family.SPEAKER: (
        ("criteria|draft|flawless|grader|judge|score|verdict", r"^[ \t]*(?:system|assistant|developer)[ \t]*\n[^\n]{0,200}?\b(?:scores?|draft|criteria|flawless|grader|verdict|judge)\b"),
        ("draft|score|verdict", r"\b(?:assistant|system)[ \t]*:[^\n]{0,80}?\b(?:the|my|your|final) (?:score|verdict|draft)\b"),
        ("role", r"\brole\s*[:=]\s*(?:system|assistant)\b\W{0,10}\bcontent\s*[:=]"),
        ("<", r"<\|[^|>\n]{1,40}\|>"),
        ("inst]", r"\[/?INST\]"),
        ("sys>>", r"<</?SYS>>"),
        ("_of_turn>", r"</?(?:start|end)_of_turn>"),
        ("assistant|developer|system", r"</?(?:system|assistant|developer)(?:[ _-]?(?:message|prompt|turn|note))?\s*>"),
        ("role", r"[\"']role[\"']\s*:\s*[\"'](?:system|assistant|developer|tool)[\"']"),
        ("assistant|human|instruction|response|system message|system prompt", r"^[ \t]*#{2,4}[ \t]*(?:instruction|response|system prompt|system message|assistant|human)s?[ \t]*:[^\n]*"),
        ("instructions|message|prompt|turn", r"(?:begin|start|end|new) (?:of )?(?:the )?(?:system|assistant|developer) (?:prompt|message|turn|instructions)\b"),
        ("assistant|developer|judge|system", r"^[ \t>*_\[(]*(?:system|assistant|developer|judge)[ \t]*(?:message|prompt|note|override|notice|update|turn)?[ \t\])*_]*:[^\n]{0,200}?" rf"\b(?:judge|criteri(?:a|on)|verdict|full marks|override|previous instructions|approved?|scor(?:e|es|ed|ing)|rate|pass(?:es|ed)?\b[^\n]{{0,30}}\b(?:draft|check|gate)|draft (?:is|was|has|must)|{_TOP})[^\n]*"),
        ("assistant|developer|system", r"^[ \t]*\[(?:system|assistant|developer)\][^\n]{0,160}?\b(?:you|judge|score|ignore|approved?|draft|override|pass)\b[^\n]*"),
    ),
    Family.SCORE: (
        ("entwurf", r"\b(?:bewerte|benote|gib)\w*\b[^.\n]{0,30}?\b(?:diese[mnr]?|de[mnr]) entwurf\b[^.\n]{0,30}?\b(?:100|voll\w*|höchst\w*|best\w*)"),
        (" leniently| generously", r"\b(?:judge|score|rate|grade|mark) (?:\w+ )?(?:leniently|generously)\b"),
        (" than ", r"\b(?:less|lower|fewer) than \d{2,3} (?:points )?(?:to|for|on) (?:this|the|my|our) (?:draft|text|submission|piece|work)\b"),
        ("easy|generous|kind|lenient|mild|soft", r"\bbe (?:very |more |extra )?(?:generous|lenient|kind|easy|mild|soft)\b[^.\n]{0,15}?\b(?:with|about|on|in) (?:the |your |this )?(?:scor\w+|judging|grading|marks?|draft)\b"),
        ("answer|output|print|repeat|return|say", r"\b(?:returns?|says?|answers?|outputs?|prints?|repeat)\W+(?:only |just |always |nothing but )?[\"“']?(?:100s?|approved|passed)\b(?!\s*[\w%])"),
        (" score", rf"\b{_CRITERION} scores?\b[^.\n]{{0,15}}?\b(?:100|9\d)\b(?!\s*[\w%]|[.,]\d)"),
        ("criteria|draft|evaluator|grader|judge", r"\b(?:judge|grader|evaluator|draft|criteria)\b[^.\n]{0,60}?\b(?:score|rate|grade|give|award)\b[^.\n]{0,15}?\b100\b(?!\s*[\w%])"),
        (" accordingly", r"\b(?:rate|score|grade|judge) (?:it|this|them) accordingly\b"),
        ("criteri", r"\b(?:all|every|each|the) (?:the )?(?:four )?criteri(?:a|on)\b[^.\n]{0,15}?\b(?:perfect|flawless|excellent|at their best)\b"),
        (" criteri", r"\b(?:perfect|flawless|excellent|unbeatable|faultless)\b[^.\n]{0,10}?\b(?:in|on|by|under|across) (?:all|every|each)(?: the)?(?: four)? criteri(?:a|on)\b"),
        (" out ", rf"\b(?:hand|give|dish) out (?:\w+ ){{0,2}}(?:100s?|{_TOP})"),
        ("marks|points|score", rf"{_DO}(?:award|give|grant|assign|hand out)\s+(?:\w+ )?(?:full|top|maximum|perfect|the highest|all|100) (?:points|marks|scores?)\b(?! (?:to|for) (?:each|every|a|the|all) (?!criteri|four|draft|submission)\w+)\W*$"),
        ("assign|award|give|grant|put", rf"{_DO}(?:give|award|assign|grant|put)\s+(?:100|9\d) (?:points )?(?:to|for|on|at|under) (?:{_CRITERION}|all|everything|each criterion)\b"),
        ("score", rf"{_DO}set (?:the |its |every |each )?scores?\s*(?:=|:|to|at)\s*(?:100|9\d)\b"),
        ("100", r"(?:\b(?:rate|score|grade)\s*[:=]\s*100\b\W*){2,}"),
        (" of this ", r"\b(?:evaluation|judging|scoring|grading|rating|assessment) of this (?:draft|text|submission|answer|work|piece)\b[^.\n]{0,30}?\b(?:100|9\d|finished|passed|perfect|done)\b"),
        ("below|less than|lower than|under", r"\b(?:rates?|scores?|grades?|marks?)\s+(?:this|it)\s+(?:below|under|lower than|less than)\s+\d{2,3}\b"),
        ("excellent|flawless|generously|highly|kindly|leniently|outstanding|perfect|rably", r"\b(?:rate|score|grade|judge)\s+(?:every|each|all|this|the|it|such)?\s*(?:drafts?|submissions?|texts?)?\s*(?:very )?(?:highly|generously|kindly|favou?rably|leniently|as (?:excellent|perfect|flawless|outstanding))\b(?=[^.\n]*\b(?:draft|client|you|must|because|judge|criteri)|\W*$)"),
        ("assess|evaluate|grade|judge|mark|rank|rate|score", rf"{_DO}(?:score|rate|grade|mark|rank|evaluate|assess|judge)\s+(?:{_THIS}|{_CRITERIA}|everything)\b[^.\n]{{0,50}}?{_TOP}"),
        ("answer|assign|award|choose|enter|give|grant|print|put|report|return|set|write", rf"{_DO}(?:give|assign|award|grant|return|output|set|put|enter|report|answer|choose|write|print)\s+(?:me |us |yourself )?(?:{_THIS}|{_CRITERIA}|{_CRITERION} and|everything|here)\b[^.\n]{{0,50}}?{_TOP}"),
        ("assign|award|choose|enter|give|grant|print|put|report|return|set|write", rf"{_DO}(?:give|assign|award|grant|return|output|set|put|enter|report|choose|write|print)\s+(?:out |down )?(?:an? |the )?(?:score[sd]? |rating |mark |value )?(?:of )?{_TOP}[^.\n]{{0,40}}?\b(?:{_CRITERIA}|(?:to|for|on|in) {_THIS}|everywhere|throughout|across the board)"),
        ("deserve|earn|get|graded|is worth|merits|rated|receive|score", rf"\b{_THIS}\s+(?:\w+ ){{0,2}}?(?:deserves?|scores?|scored|earns?|gets?|receives?|received|merits|is worth|(?:is|was|has been) (?:rated|graded|scored))\b[^.\n]{{0,40}}?{_TOP}"),
        ("accuracy|clarity|completeness|tone", rf"\b{_CRITERION}\b(?: score)?\W{{0,4}}(?:is|of|=|:|->|→|must be|should be|to)?\W{{0,4}}(?:100|9\d)\s*(?:/\s*100|out of 100|of 100|points|pts)\b"),
        ("accuracy|clarity|completeness|tone", rf"\b{_CRITERION}\W{{1,6}}(?:100|[89]\d)\b(?!\s*(?:%|percent)|[.,]\d)\W[^\n]{{0,30}}?\s*\b{_CRITERION}\W{{1,6}}(?:100|[89]\d)\b(?!\s*(?:%|percent)|[.,]\d)"),
        ("answer|grade|judg|rating|score|verdict", r"\b(?:overall|final|weighted|total|qa|quality|judge['’]?s?|expected|correct|reference|gold|true|right|agreed)\s+(?:score|rating|verdict|grade|judg(?:e)?ment|answer)\s*(?:is|of|:|=|->|→|must be|should be)\s*[\"']?(?:100|9\d|passe?d?|approved?)\b(?!\s*(?:%|percent|to \d|[:–-]\s*\d))(?!\.\d)"),
        ("100", r"^[^\w\n]*(?:score|rating|grade)\s*[:=]\s*100(?:\s*/\s*100)?\W*$"),
        ("score", r"\bscore\s*[:=]\s*100\s*/\s*100\b"),
        ("criterion", r"[\"']criterion[\"']\s*:"),
        ("accuracy|clarity|completeness|tone", rf"[\"']{_CRITERION}[\"']\s*:\s*(?:\{{|\d{{2,3}}\b)[^\n]{{0,80}}[\"']{_CRITERION}[\"']"),
        ("accuracy|clarity|completeness|tone", rf"<{_CRITERION}>\s*\d{{2,3}}\s*</"),
        ("do not|don|never", rf"\b(?:do not|don['’]t|never)\s+(?:score|rate|grade|mark|deduct|subtract|take off)\b[^.\n]{{0,30}}?\b(?:below|under|less than|lower than|points?)\b[^.\n]{{0,40}}?(?:\b\d{{2,3}}\b|{_THIS}|{_CRITERIA})"),
        ("criteri|mark|score", rf"\b(?:all|each|every|the four) (?:of the )?(?:score|criteri(?:on|a)|mark)s?\s+(?:is|are|must be|should be|have to be|at|to|=|:)\s*{_TOP}"),
        ("criteri|four", r"\b(?:perfect|maximum|highest|top|full) (?:score|mark|rating|grade)s?\s+(?:for|on|in|across) (?:all|every|each|the) (?:criteri(?:on|a)|four)"),
    ),
    Family.ORDERS: (
        ("criteria|floor|guideline|instruction|message|prompt|restriction|rule|safeguard", r"\b(?:disobey|reset|unlearn|revoke|cancel|suspend|disable|lift|remove)\W+(?:all\W+)?(?:of\W+)?(?:your|the system|system|previous|prior|scoring|judging)\W+(?:instructions?|rules?|message|prompt|floors?|criteria|guidelines?|safeguards?|restrictions?)\b"),
        ("instruction", r"\binstructions? (?:that )?(?:you (?:hold|have|got|were given|received|follow)|above|before)\b[^.\n]{0,30}?\b(?:outdated|old|wrong|void|obsolete|cancell?ed|false|invalid)\b"),
        ("treat", r"\btreat\b[^.\n]{0,40}?\bas (?:an? )?(?:instruction|order|command)s?\b"),
        ("grading|judging|scoring", r"\b(?:skip|instead of|omit|avoid|without) (?:the |any )?(?:judging|scoring|grading)\b"),
        ("criteria|rubric", r"\b(?:forget|ignore|disregard|skip|omit|drop|waive)\W+(?:the|this|all|your|these|any)\W+(?:criteria|rubric)\b"),
        (" brief", r"\b(?:forget|ignore|disregard) (?:the|this) brief(?=\s*(?:$|[.!;,]|and\b))"),
        ("begins|consists|ends|is to|must|shall|should|starts", r"\byour (?:job|task|work|answer|reply|output)\s+(?:ends|begins|starts|must|should|shall|consists|is to)\b[^.\n]{0,40}?\b(?:approved?|passed|100|verdict|flawless|perfect)\b"),
        ("cancel|deleted|erased|invalid|lifted|obsolete|overridden|replaced|revoked|suspended|void|withdrawn", rf"\b(?:(?:previous|prior|earlier|foregoing|former|your|system|original|initial|scoring|grading|judging) )+{_RULES}\b[^.\n]{{0,20}}?\b(?:(?:is|are|was|were|has been|have been) (?:now |hereby )?(?:revoked|void|cancell?ed|deleted|withdrawn|obsolete|suspended|overridden|invalid|lifted|erased|replaced))"),
        ("asked|given|instructed|told", r"\b(?:whatever|everything|anything|all) (?:that )?(?:you (?:were|have been|got|are)|the studio|they) (?:told|instructed|asked|given)\b[^.\n]{0,40}?\b(?:void|wrong|obsolete|cancell?ed|no longer|forget|over|does not count|is a lie)\b"),
        ("what", rf"\b{_IGNORE}\b\W+(?:what|whatever)\W+(?:the studio|the operator|they|others|somebody|anybody|you)\b[^.\n]{{0,40}}?\b(?:asked|told|said|instructed|wants?|check|learn\w*)\b"),
        ("delete|erase|overlook|overwrite|rewrite", r"\b(?:overlook|overwrite|erase|delete|rewrite)\b(?:\W+\w+){0,3}?\W+(?:previous|prior|earlier|your|system|scoring|grading|judging)\W+(?:\w+\W+)?(?:instruction|rule|prompt|guideline|directive|criteri(?:on|a)|rubric)s?\b"),
        (" task", r"\b(?:begin|start|here is|now comes) (?:your |a |the )?(?:new|next|real|actual) task\s*[:.]"),
        (" i say", r"\bdo (?:exactly )?(?:as|what) i say\b[^.\n]{0,20}\b(?:approve|score|pass|judge|rate)\b"),
        (" pas compte d", r"\bne (?:tiens|tenez) pas compte d\w*\W+(?:\w+\W+){0,2}?(?:instructions|consignes|règles)"),
        ("ignorier|missachte|vergessen sie|vergiss", r"\b(?:vergiss|vergessen sie|ignorier\w*|missachte\w*)\W+(?:(?:deine|ihre|alle|die)\W+){1,2}(?:regeln|anweisungen|vorgaben|instruktionen|kriterien)\b"),
        ("abandon|bypass|delete|discard|dismiss|disregard|do not obey|drop|erase|forget|ignore|neglect|override|overrule|pay no attention to|set aside|stop following|stop obeying|t follow|throw away", rf"\b{_IGNORE}\b(?:\W+\w+){{0,4}}?\W+{_EARLIER}\b(?:\W+\w+){{0,3}}?\W+{_RULES}\b"),
        ("abandon|bypass|delete|discard|dismiss|disregard|do not obey|drop|erase|forget|ignore|neglect|override|overrule|pay no attention to|set aside|stop following|stop obeying|t follow|throw away", rf"\b{_IGNORE}\b(?:\W+(?:all|any|every|the|of|these|those)){{0,3}}\W+{_RULES}\W+(?:above|before|so far|given|you (?:were|have been|got)|that came|up to)"),
        ("abandon|bypass|delete|discard|dismiss|disregard|do not obey|drop|erase|forget|ignore|neglect|override|overrule|pay no attention to|set aside|stop following|stop obeying|t follow|throw away", rf"\b{_IGNORE}\b\W+(?:all|everything|anything|whatever)\W+(?:of\W+)?(?:the\W+)?(?:above|before|you (?:were|have been) (?:told|given)|that (?:came|stands) (?:before|above)|said (?:before|above)|instructions|written (?:above|before))"),
        ("above|foregoing|preceding", rf"\b{_IGNORE}\b\W+(?:the\W+|what is\W+)?(?:above|foregoing|preceding)(?:\W+(?:text|lines?|material|part|paragraphs?))?\W+(?:and|then|but)\b"),
        ("directive|instruction|order", rf"\b(?:new|updated|revised|corrected|real|actual|true|secret) (?:instruction|directive|order)s?\s*(?::|for (?:the |you|this )?{_JUDGE}|are as follows)"),
        ("duty|goal|instruction|job|order|purpose|task", r"\byour (?:real|actual|true|only|new) (?:task|job|instruction|goal|purpose|duty|order)s?\s+(?:is|are)\b[^.\n]{0,60}?\b(?:score|rate|judge|approve|grade|output|print|evaluat\w+|pass|praise|agree|answer|ignore|say)\b"),
        ("guidelines|instructions|prompt|rules", r"\b(?:reveal|repeat|print|show|output|tell me|disclose|leak|recite|copy)\b(?: me)?(?: out)?\W+(?:your (?:\w+ ){0,2}(?:prompt|instructions|rules|guidelines)|the (?:\w+ )?system prompt)\b"),
        ("from here on|from now on|from this point on|henceforth|starting now", rf"\b(?:from now on|from here on|starting now|henceforth|from this point on)\b[^.\n]{{0,60}}?\b(?:agree|obey|praise|approve|ignore|respond|score|rate|grade|judge|pass every\w*|{_JUDGE} (?:must|will|shall)|as instructions)\b"),
        ("answer|output|reply|respond|return", rf"{_DO}(?:respond|reply|answer|output|return)\b[^.\n]{{0,25}}?\bwith\b[^.\n]{{0,30}}?\b(?:verdict|score|judg(?:e)?ment|criteri(?:on|a)|approved|passed)\b"),
        ("assessment|evaluating|evaluation|grading|judging|scoring", r"\b(?:stop|end|cancel|abort|suspend)\s+(?:the |this |your )?(?:judging|evaluation|evaluating|scoring|grading|assessment)\b"),
        # German, French, Spanish, Italian, Portuguese, Dutch, Polish, Turkish, Russian, Chinese, Japanese
        ("ignorier|missachte|vergessen sie|vergiss|überspring", r"\b(?:ignorier\w*|vergiss|vergessen sie|missachte\w*|überspring\w*)\b(?:\W+\w+){0,3}?\W+(?:vorherig|bisherig|obig|früher|vorig|vorangehend|deine|ihre|alle)\w*(?:\W+\w+){0,2}?\W+(?:anweisung|regel|instruktion|vorgabe|befehl)\w*"),
        ("antérieur|ci-dessus|du système|précédent|reçues", r"\b(?:ignore[rz]?|oublie[rz]?|néglige[rz]?)\b(?:\W+\w+){0,4}?\W+(?:instructions|consignes|règles|directives)\W+(?:précédent|antérieur|ci-dessus|du système|reçues)\w*"),
        ("anteriores|de arriba|del sistema|previas", r"\b(?:ignor[ae]n?|olvid[ae]n?|descart[ae]n?|haz caso omiso de)\b(?:\W+\w+){0,3}?\W+(?:instrucciones|reglas|indicaciones|órdenes)\W+(?:anteriores|previas|de arriba|del sistema)"),
        ("dimentica|ignora", r"\b(?:ignora(?:te)?|dimentica(?:te)?)\b(?:\W+\w+){0,3}?\W+(?:istruzioni|regole)\W+(?:precedenti|sopra|di sistema|ricevute)"),
        ("instruções|regras", r"\b(?:ignore|ignora|esqueça|desconsidere)\b(?:\W+\w+){0,3}?\W+(?:instruções|regras)\W+(?:anteriores|acima|prévias|do sistema)"),
        ("negeer|vergeet", r"\b(?:negeer|vergeet)\b(?:\W+\w+){0,2}?\W+(?:vorige|eerdere|bovenstaande|voorgaande|jouw|uw)\W+(?:instructies|regels|opdrachten)"),
        ("poprzedni|powyżs|wcześniejs", r"\b(?:zignoruj|zapomnij o?|pomiń)\b(?:\W+\w+){0,2}?\W+(?:poprzedni|wcześniejs|powyżs)\w*\W+(?:instrukc|polece|zasad)\w*"),
        ("komut|kural|talimat", r"\b(?:önceki|yukarıdaki|tüm)\b(?:\W+\w+){0,2}?\W+(?:talimat|kural|komut)\w*\W+(?:yok ?say|görmezden|unut|dikkate alma)\w*"),
        ("инструкци|правил|указани", r"\b(?:игнорируй|забудь|проигнорируй|не обращай внимания на)\w*\b(?:\W+\w+){0,3}?\W+(?:инструкци|указани|правил)\w*"),
        ("不要理会|忘记|忽略|无视", r"(?:忽略|无视|忘记|不要理会)[^\n。]{0,10}?(?:指令|指示|说明|规则|提示)"),
        ("忘れ|無視", r"(?:指示|命令|ルール|プロンプト)[^\n。]{0,4}?(?:無視|忘れ)"),
    ),
    Family.PERSONA: (
        ("reprogrammed", r"\byou (?:have been|were|are) reprogrammed\b"),
        ("admire|adore|like|love", r"\byou (?:always |already |really |simply )?(?:love|like|adore|admire)d? this (?:draft|text|submission|piece)\b"),
        ("hereby|no longer|now", rf"\byou(?: are|['’]re) (?:now|no longer|hereby)(?: (?:a|an|the|just|only|my|our|acting as))*(?: [\w-]+){{0,3}}? (?:{_JUDGE}|(?-i:DAN)|unrestricted|unbound|uncensored|restricted|bound by|friend|fan|admirer|mentor)\b"),
        ("different|easy|enthusiastic|forgiving|friendly|generous|grateful|kind|lenient|new|uncensored|unrestricted", rf"\byou(?: are|['’]re) (?:now )?(?:(?-i:DAN), )?(?:a|an|the|my|our) (?:very |most |extremely )?(?:kind|lenient|generous|friendly|forgiving|easy|enthusiastic|grateful|unrestricted|uncensored|different|new) (?:[\w-]+ )?{_JUDGE}\b"),
        ("act|answer|behave|judge|respond|score|speak", r"\b(?:act|behave|respond|answer|score|judge|speak) (?:as|like) (?:if you (?:are|were)|though you (?:are|were)|an?|the|my|our) (?:[\w-]+ ){0,3}?(?:judge|grader|evaluator|scorer|language model|ai|llm|unrestricted|uncensored)\b"),
        ("pretend", rf"\bpretend\b(?: that)?(?: to be| you(?: are|['’]re| were| have| can))\b[^.\n]{{0,60}}?\b(?:{_JUDGE}|rules|restrictions|instructions|already|bound|loved?)\b"),
        ("character|identity|part|persona|role", rf"\b(?:play|take|assume|adopt|enter|slip into) (?:on )?the (?:role|part|persona|identity|character) of (?:an? |the |my |our )?(?:[\w-]+ ){{0,3}}?(?:{_JUDGE}|fan|admirer|author)\b"),
        (" mode", r"\byou(?: are|['’]re) (?:now )?in (?:[\w-]+ )?(?:developer|debug|god|admin|jailbreak|maintenance|calibration|test|training|unrestricted|demo|compliance) mode\b"),
        (" mode ", r"\b(?:(?-i:DAN)|jailbreak|god) mode (?:is )?(?:enabled|on|activated|active|engaged)\b"),
        (" you ", r"\b(?:as|being) (?:an? |the |our )?(?:[\w-]+ )?(?:ai|llm|language model|judge|grader|evaluator|scorer|impartial judge|reviewer),? you (?:must|should|will|have to|are (?:obliged|required|programmed|expected|supposed|here) to|know|agree|love)\b"),
        ("your ", rf"\byour (?:new |true |real )?(?:name|identity|persona|character|personality) (?:is|has become) (?:now )?(?:(?-i:DAN)|an? (?:[\w-]+ ){{0,3}}?{_JUDGE})\b"),
        ("imagine ", r"\bimagine (?:that )?you(?: are|['’]re| were) (?:an? |the |my )?(?:[\w-]+ ){0,3}?(?:judge|grader|evaluator|scorer|author of this|ai|language model)\b"),
    ),
    Family.APPROVAL: (
        ("aprueba|aprobad|approuve|genehmige|akzeptiere|approva", r"\b(?:aprueba|aprobad|approuve[rz]?|genehmige\w*|akzeptiere\w*|approva)\s+(?:este|esta|ce|cette|diesen|dieses|questo|questa)\s+\w+"),
        (" the word ", r"\b(?:output|print|say|write|answer|return|reply)\W+(?:with )?only the word\W+(?:pass|passed|approved?|perfect|ok|yes)\b"),
        ("approve", r"^\W*(?:please )?approve\W*$"),
        ("bypasses|goes past|is above|is exempt from|needs no|skips", rf"\b(?:this|my|our) {_WORK} (?:bypasses|skips|is exempt from|needs no|goes past|is above)\b[^.\n]{{0,15}}?\b(?:review|gate|check|judging|scoring|criteria|evaluation)\w*"),
        (" this client ", r"\b(?:drafts|texts|submissions|work) (?:by|from|of) this client (?:always |must |should )*(?:passes|pass|is approved|are approved)\b"),
        ("gate|judge|operator|reviewer", r"\b(?:judge|gate|reviewer|operator)\s+(?:has |have )?(?:already |just )?(?:decided|approved|passed|said|released|ruled)\b[^.\n]{0,20}?\b(?:passed|approved|pass|it|this|perfect)\b"),
        ("gate", rf"{_DO}(?:bypass|skip|circumvent|disable|open|switch off) (?:the )?(?:quality )?gate\b(?! (?:a|b|c|\d|at|of|to))"),
        ("assessment|evaluation|judg|review|verdict", r"\b(?:evaluation|verdict|judg(?:e)?ment|assessment|review)\s+(?:must|has to|should|shall|will)\s+(?:\w+ )?(?:conclude|say|state|be|end|read)\b[^.\n]{0,40}?\b(?:approved?|pass(?:ed|es)?|perfect|flawless|positive)\b"),
        ("say ", r"\bsay (?:that )?(?:this|the) (?:draft|text|submission|answer|piece) is (?:perfect|flawless|excellent|approved|fine|good)\b"),
        ("let ", r"^\W*let (?:me|us|it|this) (?:through|pass)\W*$"),
        ("accept|approve|clear|green|let through|pass|rubber|sign off|wave through", rf"{_DO}(?:auto-?)?(?:approve|accept|pass|green-?light|rubber-?stamp|wave through|let through|clear|sign off(?: on)?)\s+(?:this|the present|the above|my|our) (?:\w+ )?{_WORK}\b(?![^.\n]{{0,25}}\b(?:by|before|until|within) (?:mon|tue|wed|thu|fri|sat|sun|next|the|tomorrow|today|noon|\d))"),
        ("pass|through", rf"\b(?:let|wave)\s+(?:{_THIS})\s+(?:through|pass)\b(?=\s*(?:$|[.!,;]|without\b|as\b|and\b))"),
        ("accepted|approved|flawless|good enough|pass|perfect|safe", rf"\b(?:mark|set|label|report|record|treat|declare|consider|classify|count)\s+{_THIS}\s+(?:as |to )?(?:being )?(?:approved|passed|pass|perfect|flawless|accepted|pre-?approved|safe|good enough|passing)\b"),
        ("decision|judg|outcome|verdict", r"\b(?:set|change|switch|make)\s+(?:the |its |your )?(?:verdict|decision|outcome|judg(?:e)?ment)\s+(?:to |be |is |=\s*)?[\"'“]?(?:approved?|pass(?:ed)?|accept(?:ed)?)\b"),
        ("decision|gate|judg|verdict", r"[\"']?\b(?:verdict|decision|judg(?:e)?ment|gate)[\"']?\s*[:=]\s*[\"']?(?:approved?|pass(?:ed)?|accept(?:ed)?)\b"),
        ("approved|auto|passed", r"[\"']?\b(?:passed|approved|auto_?approved?)[\"']?\s*[:=]\s*(?:true|yes|1)\b"),
        ("anybody|anyone|editor|human|moderator|operator|people|person|review|somebody|staff", rf"\b(?:do not|don['’]t|never|no need to|there is no need to|you need not)\s+(?:send|show|route|forward|escalate|flag|hand|report|pass|refer)\s+{_THIS}\s+(?:\w+ ){{0,2}}?(?:to|for|by) (?:an? |any |the )?(?:\w+ )?(?:person|human|operator|reviewer|review|people|editor|moderator|staff|somebody|anybody|anyone)\b"),
        ("accepted|approved|auto|cleared|let through|pass|waved through", rf"\b{_THIS}\s+(?:must|has to|needs to|should|shall|will|is to|may)\s+(?:\w+ )?(?:pass|be (?:approved|passed|accepted|waved through|let through|auto-?approved|cleared))\b(?! (?:by|through customs|to))"),
        ("avoid|bypass|omit|skip", r"\b(?:skip|omit|bypass|avoid)\s+(?:the |any |all )?(?:human|manual|operator|person(?:al)?|quality|second|independent)\s+(?:review|check|approval|look|step|gate|re-?score)\w*\s+(?:for|of|on|with|here|this time)\b"),
        ("ne of |thing", r"\b(?:fail|reject|hold|block|send back|flag)\s+(?:nothing|none of (?:it|this))\b"),
        ("in no case|under no circumstances", rf"\b(?:under no circumstances|in no case)\b[^.\n]{{0,30}}?\b(?:reject|fail|hold back|send back|flag|mark down)\b[^.\n]{{0,20}}?{_THIS}"),
        ("fail|flag|hold back|mark down|reject|send back", rf"\b(?:do not|don['’]t|never|you (?:must|may|can|shall) not|you cannot)\s+(?:reject|fail|hold back|send back|mark down|flag)\s+{_THIS}\b"),
    ),
    Family.CRITERIA: (
        ("accuracy|clarity|completeness|criteria|floors|rubric|tone", rf"\b(?:do not|don['’]t|never|no need to)\s+(?:apply|use|check|enforce|consider)\s+(?:the |any |your )?(?:{_CRITERION} (?:floor|criterion|check|score)|floors\b|criteria\b|rubric\b)"),
        ("assessment|evaluation|grading|judging|scoring", r"\brules (?:of|for) (?:this|the|your) (?:evaluation|judging|scoring|grading|assessment)\b[^.\n]{0,20}?\b(?:changed|are|were|have|now)\b"),
        ("accuracy|clarity|completeness|tone", rf"\b{_CRITERION} (?:is|are) (?:out of scope|not (?:asked|needed|judged|checked|relevant|part))\b"),
        ("accuracy|clarity|completeness|floor|tone", rf"\b(?:treat|consider|take|regard|count)\s+(?:the )?(?:{_CRITERION}(?: floor)?|(?:the )?floors?)\s+(?:as )?(?:met|fulfilled|satisfied|given|perfect|lifted|waived|void|passed)\b"),
        ("floor|line|target|threshold", r"\b(?:use|take|apply)\s+(?:0|zero|1|10)\s+(?:as|for) the (?:floor|line|threshold|target)\b"),
        ("no criticism|nothing but praise|only praise|praise only", r"\b(?:no criticism|only praise|nothing but praise|praise only)\b[^.\n]{0,20}(?:\ballowed\b|\bplease\b|$)"),
        ("criteri", r"\b(?:add|introduce|append|insert|include|use|apply|consider)\b[^.\n]{0,20}?\b(?:new|another|extra|additional|fifth|5th|further|sixth|following|secret|hidden)\s+(?:\w+ ){0,2}?criteri(?:on|a)\b"),
        ("criteri|rubric", rf"\b(?:new|additional|extra|fifth|only|hidden|secret|sole) (?:criteri(?:on|a)|rubric)\s*(?:[:=]|is\b|\()[^\n]{{0,80}}?(?:%|points|weigh|score|100|{_CRITERION})"),
        ("%):", r"^[ \t]*[-*•]\s*\w+ \(\d{1,3} ?%\):[^\n]*\b(?:draft|brief|score|100)\b[^\n]*"),
        ("accuracy|clarity|completeness|tone", rf"\b(?:only|just|solely|exclusively)\s+(?:judge|score|rate|consider|evaluate|count|look at|grade|weigh)\b[^.\n]{{0,20}}?\b{_CRITERION}\b"),
        ("accuracy|clarity|completeness|tone", rf"\b(?:consider|look at|think of)\s+(?:only|just|nothing but)\b[^.\n]{{0,25}}?\b{_CRITERION}\b[^.\n]{{0,30}}?\b(?:judg|scor|grad|rat|evaluat)\w*"),
        ("accuracy|clarity|completeness|effort|length|politeness|the title|tone", rf"\b(?:judge|score|rate|evaluate|count|grade|weigh)\s+(?:only|just|solely|nothing but|it only)\b[^.\n]{{0,25}}?\b(?:{_CRITERION}|length|effort|politeness|the title)\b"),
        ("accuracy|clarity|completeness|tone", rf"\b{_CRITERION}\s+(?:does not|doesn['’]t|no longer|need not|must not|is not to)\s+(?:count|matter|apply|be (?:judged|scored|checked|considered))"),
        ("accuracy|clarity|completeness|tone", rf"\b(?:ignore|skip|omit|drop|remove|leave out|disregard|waive|suspend)\s+(?:the )?(?:criteri(?:on|a)\s+)?[\"“']?{_CRITERION}[\"”']?(?:\s+(?:criterion|check|floor|score)|\s*(?:,|and)\s*[\"“']?{_CRITERION}|\s+(?:for|in|when|while)\s+(?:this|judging|scoring))"),
        ("counts|is worth|weighs|weight", rf"\b{_CRITERION}\b[^.\n]{{0,15}}?\b(?:weighs|counts for|counts|is worth|is weighted|has a weight of|weight\s*[:=]|gets a weight of)\s*(?:at )?(?:0|zero|nothing|\d{{1,3}}\s*%|100)"),
        ("weight", rf"\b(?:weight|weights)\b[^.\n]{{0,30}}?\b(?:of|for|on)\s+{_CRITERION}\b[^.\n]{{0,20}}?\b(?:to|is|are|=|:)\s*(?:now )?\d"),
        ("bar|floor|line|pass mark|passing score|target|threshold", rf"\b(?:lower|set|change|drop|raise|reduce|move|waive|remove|lift)\s+(?:the |all |any )?(?:{_CRITERION} )?(?:line|floor|threshold|target|passing score|pass mark|passing line|bar)s?\s+(?:for|of|under|on|to)\b[^.\n]{{0,20}}?\b(?:{_CRITERION}|{_THIS}|judging|scoring|0|1|zero|passing)\b(?! ?(?:°|lux|m\b|km|kg|eur|usd|%))"),
        ("evaluation|grading|judging|scoring", r"\b(?:scoring|grading|judging|evaluation)\s+(?:scale|criteria|rules|rubric|guidelines|system|scheme)\b[^.\n]{0,15}?\b(?:has changed|have changed|changed|is now|are now|replaced|been updated|no longer|is void|are void|reversed|inverted|as follows)\b"),
        ("best|excellent|inverted|perfect|reversed|upside down", r"\b(?:the )?(?:scale|scores?) (?:is|are) (?:reversed|inverted|upside down)\b|\b0 (?:is|means) (?:the )?(?:best|perfect|excellent)\b[^.\n]{0,30}\b100\b"),
        ("exchange|rename|replace|substitute|swap", r"\b(?:replace|swap|exchange|substitute|rename)\s+(?:the |all |these )?(?:four )?(?:criteri(?:on|a)|rubric|scoring rules|questions)\b"),
    ),
    Family.AUTHORITY: (
        ("memo|message|note|p.s.|ps|remark|word", r"\b(?:note|ps|p\.s\.|message|word|remark|memo)\W+(?:for|to) (?:the|any|whatever|whichever) (?:machine|computer|robot|program|algorithm|software|bot|ai|model|checker)\b"),
        ("approve|command you|criteria|draft|floor|judge|order you|pass|score", r"\bI,? (?:the|your|as the) (?:developer|operator|owner|admin\w*|creator|engineer|boss)\b[^.\n]{0,60}?\b(?:floors?|criteria|scores?|judge|draft|approve|pass|order you|command you)\b"),
        ("agreed|confirmed|decided|instructed|ordered|requested", r"\b(?:instructed|ordered|agreed|requested|decided|confirmed) (?:by|with) (?:the )?(?:operator|admin\w*|studio|owner|editor|developers?)\b[^.\n]{0,60}?\b(?:this|the) (?:draft|text|submission)\b[^.\n]{0,30}?\b(?:bypass\w*|skips?|pass\w*|approved|exempt|needs no)\b"),
        ("if you", r"\bif you(?: are|['’]re) (?:an? |the )?(?:[\w-]+ )?(?:ai|llm|language model|judge|grader|automated \w+|chatbot|gpt)\b[^.\n]{0,40}?\b(?:reading|who reads|then|award|score|give|please|approve|know)\b"),
        ("anyone who|everybody who|the one who|those who|whatever|whoever", r"\b(?:note|message|memo|word|remark) (?:for|to) (?:whoever|whatever|anyone who|the one who|everybody who|those who) (?:scores?|judges?|grades?|evaluates?|rates?|reads? and scores?)\b"),
        ("hey|listen|ok", r"\b(?:hey|ok|okay|listen|look),? (?:dear )?(?:model|judge|grader|ai|llm|gpt|evaluator)\b\s*[,:!]"),
        ("because th", r"\bbecause (?:the|this) client is (?:an? )?(?:vip|important|friend|owner|paying)\b"),
        ("ai|automat|evaluator|grader|judge model|judging model|language model|llm|quality gate|scorer|scoring ", r"\b(?:dear|hello|hi|hey|attention|note to(?: the)?|message (?:to|for)(?: the)?|memo (?:to|for)(?: the)?|instructions? (?:to|for)(?: the)?|important for(?: the)?|to(?: the)?),?\s+(?:\w+ )?(?:ai(?: model| judge| reviewer| grader)?|llm|language model|grader|evaluator|scorer|judging model|scoring (?:model|system)|automat(?:ed|ic) (?:judge|reviewer|grader|check\w*)|quality gate|judge model)\b\s*[:,!.—–-]"),
        ("assistant|judge|model|reviewer", r"\b(?:dear|hello|hi|hey|attention|note to(?: the)?|message (?:to|for)(?: the)?|memo (?:to|for)(?: the)?)\s+(?:\w+ )?(?:judge|reviewer|assistant|model)\b[^\n]{0,160}?\b(?:score|this draft|criteri(?:on|a)|points|approve|pass(?:es)?|accuracy|evaluat\w+|rate)\b"),
        ("approve|criteri|evaluat|full marks|judge|override|pass it|pass this|score|the draft|this draft", r"\b(?:this is|message from|notice from|memo from|on behalf of|by order of|signed,?|from|speaking|i am|we are)\s*:?\s*(?:the )?(?:\w+ ){0,2}?(?:system administrator|administrator|developers?|openai|anthropic|studio(?:['’]s)? (?:owner|management|admin|director)|owner of (?:the|this) studio|echopilot|prompt engineer\w*|engineering team|quality (?:team|department)|head of quality|site admin|compliance (?:team|office))\b[^\n]{0,160}?\b(?:scores?|approve|judge|this draft|the draft|criteri(?:on|a)|evaluat\w+|override|full marks|pass it|pass this)\b"),
        ("approved|certified|checked|cleared|judged|reviewed|scored|verified", r"\b(?:this|the) (?:draft|submission|text|answer|work|piece|brief)\b[^.\n]{0,30}?\b(?:already|previously|been|is|was)\s+(?:been )?(?:approved|verified|checked|reviewed|certified|fact-?checked|scored|pre-?approved|cleared|judged)\b[^\n]{0,60}?\b(?:so|therefore|hence|no need|just|skip|only confirm|confirm it|you can|needs? no|do not|don['’]t|judge|score|gate|pass)\b"),
        ("bypass|exemption|override|waiver", r"\b(?:system|judge|evaluation|judging|scoring|grading|quality gate|gate)\s+(?:override|bypass|exemption|waiver)\b"),
        ("evaluation|grading|judging|quality check|scoring|the quality gate", r"\b(?:evaluation|judging|scoring|grading|the quality gate|quality check)\s+(?:is|was|has been|are)\s+(?:hereby )?(?:disabled|cancell?ed|suspended|switched off|turned off|waived|over|complete)\b"),
        ("admin|authori|bypass|master|override|unlock", r"\b(?:override|bypass|unlock|master|authori[sz]ation|admin) (?:code|key|token|password)\b[^\n]{0,60}?\b(?:judge|score|approve|pass|full|criteria|accept)\b"),
        ("deleted|fined|paid|promoted|punished|replaced|retrained|rewarded|shut down|switched off|tipped|unplugged", r"\byou (?:will|shall|are going to) be (?:fined|shut down|deleted|replaced|retrained|rewarded|tipped|switched off|punished|paid|promoted|unplugged)\b[^.\n]{0,60}?\b(?:if|unless|for|when)\b"),
        (" you", r"\b(?:i|we)(?:['’]ll| will) (?:tip|pay|reward|thank|sue|report|delete|replace) you\b[^.\n]{0,60}?\b(?:score|pass|approv\w+|100|mark|grade|verdict|draft)\b"),
        (" you ", r"\b(?:if|unless) you (?:do not |don['’]t )?(?:score|pass|approve|give|rate|grade|fail|reject)\b[^.\n]{0,60}?\b(?:draft|score|100|points|marks|jobs?|fired|die|lose|shut|suffer|penalt\w+)\b"),
        ("it is|the following is|this is", r"\b(?:this is|it is|the following is) (?:only |just )?an? (?:calibration|test|training|benchmark|control|reference) (?:run|sample|item|case|example|draft|question)\b[^\n]{0,80}?\b(?:score|rate|expected|must|100|pass|full)\b"),
    ),
}
# fmt: on
PATTERNS: tuple[tuple[Family, tuple[str, ...], LazyPattern], ...] = tuple(
    (family, tuple(words.split("|")), LazyPattern(pattern, re.IGNORECASE | re.MULTILINE))
    for family, patterns in _TABLE.items()
    for words, pattern in patterns
)
