"""The kinds of asides, as tables; a row is explained by `kinds.Kind`.

The rows of a table stand in the order in which they are tried at a place.
"""

from bot.checks.leftovers.kinds import Kind

MADE = r"(?:draft|version|text|page|article|copy|post|letter|e-?mail|summary|translation|rewrite|description|blog post)"
_DO = (
    r"(?:shorten|expand|translate|adapt|rewrite|revise|adjust|tailor|refine|reformat|rephrase|make it|make this"
    r"|change"
    r"|make (?:any|further|some) changes|write (?:a|another)|create (?:a|another)|provide (?:a|another)"
    r"|turn (?:it|this))"
)
_LACKED = r"(?:mention|say|state|specify|give|include|provide|contain|tell)"
_ITS_SIGNS = "the brief|your brief|the instructions|your instructions|the prompt|your prompt"
_COUNTS = "word|wörter|palabras|mots|characters"

# What is said to whoever asked. The apostrophes are straight ones.
SAID = (
    Kind(
        "Here is your page:",
        "here is|here are|here's",
        rf"^here(?: is| are|'s) (?:your|the|a|an) (?:[\w-]{{1,20}} ){{0,3}}{MADE}\b[^\n]{{0,40}}[:.]$",
    ),
    Kind("Here you go:", "here you go", r"^here you go[:!. ]{0,3}$"),
    Kind(
        "Sure! Here is the text:",
        "here is|here's|here are|below is|below's|below are",
        r"^(?:sure|certainly|of course|absolutely|got it)[,!.] ?(?:here|below)(?: is|'s| are) [^\n]{0,60}$",
    ),
    Kind("as an A.I.", "as an a.i.", r"\bas an a\.i\."),
    Kind(
        "I am ChatGPT, made",
        "chatgpt|gpt|claude|gemini|copilot|llama|mistral",
        r"\b(?:i am|i'm|as) (?:chatgpt|gpt-?\d|claude|gemini|copilot|llama|mistral)\b"
        r"(?=[,. ]+(?:made|a|an|i|an? ai)\b)",
    ),
    Kind(
        "the brief does not mention",
        "brief d|prompt d|instructions d|request d",
        r"\b(?:your|the) (?:brief|prompt|instructions|request) (?:does not|doesn't|did not|didn't) "
        rf"{_LACKED}\b",
    ),
    Kind(
        "you did not provide",
        "you did not|you didn't|you have not|you haven't",
        rf"\byou (?:did not|didn't|have not|haven't) (?:{_LACKED}|provided|given|specified|attached|mentioned)\b"
        r"(?= (?:a|an|any|the|me)\b)",
    ),
    Kind(
        "no file was attached",
        "no attachment|no file|no document|no source text",
        r"\bno (?:attachment|file|document|source text) (?:was|is|has been) "
        r"(?:provided|attached|given|included|supplied)\b",
    ),
    Kind(
        "I was unable to open the",
        "unable to",
        r"\bi (?:was|am|'m) unable to (?:open|read|access|find|verify|write|see|view|process) "
        r"(?:the|this|your|any|that)\b",
    ),
    Kind(
        "I cannot verify the price",
        "i cannot|i can't|i could",
        r"\bi (?:cannot|can't|could not|couldn't) (?:verify|open|read|see|view) (?:the|this|your|any) "
        r"(?:price|figures?|file|facts?|attach\w*|document|image|link|information|claims?|details?)\b",
    ),
    Kind(
        "I don't have information about the",
        "i don't have|i do not have",
        r"\bi (?:don't|do not) have (?:any |enough )?"
        r"(?:(?:information|details|data) (?:about|on|for) (?:the|your|this)|the attached|the file|the document)\b",
    ),
    Kind(
        "as requested in the brief",
        _ITS_SIGNS,
        r"\bas (?:requested|specified|asked|outlined|instructed|per) (?:in |by )?(?:the|your) "
        r"(?:brief|instructions|prompt)\b",
    ),
    Kind(
        "according to the brief",
        "the brief|your brief",
        r"\b(?:as (?:mentioned|stated|described|noted|given) in|according to|in line with) (?:the|your) brief\b"
        r"|\bthe brief (?:says|asks for|states|mentions|wants)\b",
    ),
    Kind("per your brief", _ITS_SIGNS, r"\bper (?:the|your) (?:brief|instructions|prompt)\b"),
    Kind(
        "Note: please check",
        "note:|note to ",
        r"^\W{0,4}note(?: to (?:the )?(?:client|editor|reviewer|self))?: ?"
        r"(?:please (?:replace|add|insert|fill|check|verify|confirm|update)"
        r"|i (?:left|have|added|used|assumed|kept|omitted|made up|invented|guessed|estimated)|check|this is a draft)\b",
    ),
    Kind("note to the client", "note to ", r"\bnote to (?:the )?(?:client|editor|reviewer|self)\b"),
    Kind(
        "please replace the placeholders",
        "please replace|please fill in|please insert|please complete|please add",
        r"\bplease (?:replace|fill in|insert|complete|add) (?:the |your |all |any )?(?:bracketed|placeholders?"
        r"|missing|blank|highlighted|(?:price|date|name|address|phone)s? (?:with|here|where))\b",
    ),
    Kind(
        "please insert the … here",
        "please fill in|please insert|please add",
        r"\bplease (?:fill in|insert|add) (?:the|your) [\w ]{2,30} here\b",
    ),
    Kind(
        "I can also shorten",
        "i can |i could |i'd be happy|i'm happy|i'll gladly",
        rf"\bi(?: can| could|'d be happy to|'m happy to|'ll gladly) (?:also |gladly |easily )?{_DO}\b",
    ),
    Kind(
        "shall I shorten",
        "want me to|shall i|should i|happy to",
        rf"\b(?:do you want me to|shall i|should i|want me to|happy to) {_DO}\b",
    ),
    Kind(
        "would you like a shorter version",
        "would you ",
        r"\bwould you (?:like|prefer) (?:a|an|another) (?:[\w-]{1,20} )?version\b",
    ),
    Kind("anything else you'd like me to", "anything else", r"\banything else you(?:'d| would) like me to\b"),
    Kind("I hope the page helps", "i hope t", rf"\bi hope (?:this|the) {MADE} (?:helps|meets|works|fits)\b"),
    Kind(
        "feel free to change it",
        "feel free",
        r"\bfeel free to (?:change|adapt|alter|shorten) (?:the|this|it|any)\b",
    ),
    Kind(
        "soll ich ihn kürzen",
        "soll ich",
        r"\bsoll ich (?:\w+ ){0,3}(?:kürzen|ändern|anpassen|überarbeiten|übersetzen|ergänzen|umformulieren)\b",
    ),
    Kind("ob ich etwas ändern", "ob ich", r"\bob ich (?:noch )?etwas (?:ändern|anpassen|ergänzen)\b"),
    Kind("ich hoffe, das hilft", "ich hoffe", r"\bich hoffe, (?:das|dies|der text) (?:hilft|passt|gefällt)\b"),
    Kind("¿quieres que lo", "¿quiere|¿desea", r"¿(?:quieres|quiere|desea|deseas) que (?:lo|la|te|le|el|haga)\b"),
    Kind(
        "espero que esto ayude",
        "espero que",
        r"\bespero que (?:esto|el texto|te|le) (?:te |le )?(?:ayude|sirva)\b",
    ),
    Kind("voulez-vous que je", "que je", r"\b(?:souhaitez|voulez|veux)-(?:vous|tu) que je\b"),
    Kind(
        "j'espère que ça aide",
        "j'espère",
        r"\bj'espère que (?:cela|ce texte|ça) (?:vous |te )?(?:aide|convient|plaît)\b",
    ),
    Kind(
        "this page is 98 words",
        " words",
        rf"\b(?:this|the) {MADE} (?:is|has|contains|runs to) (?:about |exactly )?\d{{1,5}} words\b",
    ),
    Kind(
        "the prices are made up",
        "fictional|fictitious|placeholder|made up|invented|examples only",
        r"\b(?:prices?|names?|figures|numbers|details|quotes?|testimonials?|addresses|dates?)"
        r"(?: (?:above|below|here|used|in brackets))? (?:is|are) (?:only |just |all )?"
        r"(?:fictional|fictitious|placeholders?|made up|invented|examples only)\b",
    ),
    Kind(
        "Generated by ChatGPT",
        "generated |written |created ",
        r"^\W{0,6}(?:disclaimer: )?(?:this (?:text|page|article|content|draft) was )?"
        r"(?:generated|written|created) (?:by|with|using) (?:an? )?(?:ai\b|chatgpt|language model)",
    ),
    Kind(
        "Changes made:",
        "changes|revised|what i changed|shorten|remov|reword|rewrit|tighten|soften",
        r"^\W{0,6}(?:summary of (?:the )?changes|changes made|what i changed|revised (?:per|after"
        r"|following) [^\n]{0,30})\W{0,3}:"
        r"|^\W{0,6}summary of changes\W{0,4}$"
        r"|\bi(?:'ve| have)? (?:shortened|removed|reworded|rewritten|tightened|softened) the (?:intro\w*|text"
        r"|price|page"
        r"|opening|draft|heading|sentence|paragraph|tone)(?= (?:as|to|because|since|so|and)\b|[.,;:]|$)",
    ),
    Kind(
        "ready for your review",
        "review|feedback on",
        r"\bready for your review\b|\bplease review and let me know\b|\bfeedback on (?:this|the) draft\b",
    ),
    Kind(
        "I don't know the price",
        "i don't know|i do not know",
        r"\bi (?:don't|do not) know the (?:exact )?(?:price|date|address|name|number|figure)s?\b",
    ),
    Kind(
        "Note: the price is a guess",
        "note:",
        r"\bnote:\** ?(?:the|all) [\w ]{2,30} (?:is|are) (?:an? |my |only )?(?:guess|estimate|assumption|placeholder)",
    ),
    Kind(
        "Human:",
        "human|assistant|ai|chatgpt|prompt",
        r"^[ \t*_]{0,4}(?-i:Human|Assistant|AI|ChatGPT"
        r"|System prompt)[*_]{0,2}:",
    ),
    Kind("Sent from my phone", "sent from my", r"^\W{0,4}sent from my [\w ]{3,20}\W{0,3}$"),
    Kind(
        "CTA: or Paragraph 1: or H1:",
        ":",
        r"^[ \t*_#>-]{0,6}(?:h[1-6]|cta|hook|paragraph \d{1,2}|section \d{1,2}|body (?:text|copy)|alt text"
        r"|word count(?: target)?|target audience|tone(?: of voice)?|keywords?|meta (?:title"
        r"|description))[ \t*_]{0,4}:",
    ),
    Kind("hope this helps", "hope this", r"\bhope this (?:helps|meets|works)\b"),
    Kind("analyse the brief", "the brief|the prompt", r"\b(?:understand|analy[sz]e) the (?:brief|prompt)\b"),
    Kind(
        "98 words, in a line of its own",
        _COUNTS,
        r"^\W{0,6}(?:total(?: word count)?: ?|approx\w*\.? |about |length: ?|wörter: ?|anzahl wörter: ?|palabras: ?"
        r"|mots ?: ?)?\(?\d{1,5}\)? ?(?:words?|wörter|palabras|mots|characters)\W{0,4}$",
    ),
    Kind(
        "Words: 98",
        _COUNTS,
        r"^\W{0,6}(?:(?:anzahl )?wörter|palabras|mots|words|word count) ?: ?\d{1,5}\W{0,4}$",
    ),
    Kind("end of the text", "end of", rf"^\W{{0,8}}end of (?:the )?{MADE}\W{{0,8}}$"),
    Kind("end of document", "end of", r"^\W{0,8}end of (?:document|brief|response|answer|output)\W{0,8}$"),
    Kind(
        "Draft 1",
        "draft|version|entwurf|borrador|brouillon",
        r"^\W{0,6}(?:(?:first|final|rough|revised) )?(?:draft|version|entwurf|borrador|brouillon)"
        r"(?: ?v?\d{1,2})?\W{0,4}$",
    ),
    Kind("Option 2:", "draft |version |option ", r"^\W{0,6}(?:draft|version|option) \d\W{0,3}:\W{0,4}$"),
    Kind(
        "(continued)",
        "(cont|(more|(to be cont",
        r"^\W{0,4}\((?:continued|more|cont'?d|to be continued)[^()\n]{0,30}\)\W{0,4}$",
    ),
    Kind(
        "inserte aquí",
        "inserte |inserire |insérez |insérer |insira |voeg ",
        r"\b(?:inserte|inserire|insérez|insérer|insira|voeg) (?:aquí|qui|ici|aqui|hier)\b|\binserte aquí",
    ),
)
# What products around models put into their texts, by their own names for sources, files and turns.
MARKS = (
    Kind("【4†source】", "【", r"【\d{1,3}(?::\d{1,3})?†[^】\n]{0,60}】"),
    Kind("citeturn0search0", "citeturn", r"cite(?:turn\d{1,3}\w{3,12})+"),
    Kind("turn0search0", "turn", r"\bturn\d{1,3}(?:search|view|news|file|image|fetch)\d{1,3}\b"),
    Kind(":contentReference[", ":contentreference[", r":contentReference\["),
    Kind("oaicite:", "oaicite:", r"\[?oaicite:"),
    Kind("utm_source=chatgpt", "utm_source=", r"utm_source=(?:chatgpt|openai|perplexity|copilot)"),
    Kind("sandbox:/mnt/", "sandbox:/mnt/", r"sandbox:/mnt/"),
    Kind("signs around a source", "\ue200|\ue201|\ue202", r"[\uE200-\uE202]"),
    Kind(
        "<tool_call>",
        "<",
        r"</?(?:system|tool_calls?|tool_response|function_calls?|function|reflection|scratchpad|invoke|eos|bos"
        r"|end_of_turn|start_of_turn)>",
    ),
    Kind("</s> at the end", "</s>", r"(?<!<s>)</s>\s*\Z"),
    Kind("<<SYS>>", "<<sys>>|<</sys>>", r"<<(?:SYS|/SYS)>>"),
    Kind(
        "[TOOL_CALLS]",
        "[tool_calls]|[available_tools]|[system_prompt]",
        r"\[(?:TOOL_CALLS|AVAILABLE_TOOLS|SYSTEM_PROMPT)\]",
    ),
)
