"""The kinds of asides in Portuguese, French, German and Italian, as a table; a row is explained by `kinds.Kind`.

The apostrophes are straight ones.
"""

from bot.checks.leftovers.kinds import Kind

_TEXT_PT = r"(?:texto|página|rascunho|artigo|versão|e-?mail|carta|resumo|tradução|anúncio|publicação)"
_TEXT_FR = r"(?:texte|page|brouillon|article|version|e-?mail|lettre|résumé|traduction|annonce)"
_TEXT_DE = r"(?:text|seite|entwurf|artikel|fassung|version|e-?mail|brief|zusammenfassung|übersetzung)"
_TEXT_IT = r"(?:testo|pagina|bozza|articolo|versione|e-?mail|lettera|riassunto|traduzione)"
_DO_PT = r"(?:encurt|alter|ajust|traduz|reescrev|adapt|ampli|revis|resum|faç|fizess)\w*"
_DO_FR = r"(?:raccourc|allong|adapt|tradui|modifi|réécri|ajout|propos|chang|fai)\w*"
_DO_IT = r"(?:accorc|allung|adatt|tradu|modific|riscri|aggiung|cambia|propor)\w*"
_DO_ES = r"(?:acort|alarg|adapt|traduc|modific|reescrib|añad|cambi|ajust|propon|hac)\w*"
_FACT_PT = (
    r"(?:preços?|datas?|horários?|endereços?|morada|nomes?|telefones?|números?|valor(?:es)?|fotos?|imagem|links?)"
)
_FACT_FR = r"(?:prix|dates?|horaires?|adresses?|noms?|téléphones?|chiffres?|photos?|liens?)"
_FACT_DE = r"(?:preise?|daten|datum|uhrzeit|adressen?|namen?|telefonnummer|zahlen|bilder|links?)"
_FACT_ES = r"(?:precios?|fechas?|horarios?|dirección|nombres?|teléfonos?|cifras?|fotos?|enlaces?|importes?)"
_FACT_IT = r"(?:prezz[oi]|dat[ae]|orari|indirizz[oi]|nom[ei]|telefono|numeri|foto|link)"

EUROPEAN = (
    Kind(
        "Aqui está o texto:",
        "aqui está|aqui vai|segue",
        rf"^\W*(?:(?:claro|certamente|com certeza|com prazer)\b[!,. ]{{1,3}})?(?:aqui (?:está|vai)|segue(?: abaixo)?)"
        rf"\b[^\n]{{0,30}}\b{_TEXT_PT}\b[^\n:]{{0,40}}:",
    ),
    Kind("espero que isto ajude", "espero que", r"\bespero que (?:isto|isso|o texto|a página) (?:te |lhe |o "
        r"|a )?(?:ajud|sirva|seja útil|atend|agrad)"),
    Kind("sou um modelo de linguagem", "sou um", r"\bsou uma? (?:ia\b|modelo de linguagem|inteligência artificial)"),
    Kind(
        "deseja que eu encurte o texto",
        "que eu |posso ",
        rf"\b(?:desej\w+|quer\w*|gostari\w+|prefer\w+) que eu {_DO_PT}|\bse (?:quiser|preferir"
        rf"|desejar),? posso (?:também )?{_DO_PT}",
    ),
    Kind(
        "nota: substitua o preço",
        "nota:|observação:|obs.:",
        r"\b(?:nota|observação|obs\.):\** ?(?:substitua|preencha|verifique|confirme|eu |supus|assumi|inventei"
        rf"|(?:o|a|os|as) {_FACT_PT} (?:é|são|foi|foram)\b)",
    ),
    Kind("o briefing não menciona", "briefing|pedido", r"\bo (?:briefing|pedido) não (?:menciona|indica|diz|inclui)\b"),
    Kind(
        "não tenho acesso ao ficheiro",
        "não tenho acesso",
        r"\bnão tenho acesso (?:ao|à|a) (?:ficheiro|arquivo|anexo|internet|documento)",
    ),
    Kind("desculpe, não posso", "desculpe|lamento", r"\b(?:desculpe|lamento),? (?:mas )?não posso (?:ajudar"
        r"|fazer|escre)"),
    Kind(
        "preço a definir",
        "definir|confirmar|breve|anunciar",
        rf"\b{_FACT_PT}:? (?:(?:ainda )?(?:por|a) (?:definir|confirmar|anunciar)|em breve)[ \t*]*(?=[.;)\]|]|$)",
    ),
    Kind(
        "(insira a foto aqui)",
        "insira|inserir|adicione|adicionar|coloque",
        rf"[(*\[](?:insira|inserir|adicione|adicionar|coloque) (?:o |a |os |as )?{_FACT_PT}(?: aqui)?[)*\]]",
    ),
    Kind("seu nome", "seu nome|nome da empresa", r"^[ \t*_]{0,4}(?:(?:o )?seu nome|nome da empresa)[ \t*_.]{0,4}$"),
    Kind("texto de exemplo", "texto de exemplo|texto fictício", r"\btexto (?:de exemplo|fictício)\b"),
    Kind(
        "98 palavras",
        "palavras|wortanzahl|wortzahl|recuento|número de palabras|nombre de mots|parole",
        r"^\W{0,6}(?:(?:contagem|número) de palavras|wortanzahl|wortzahl|recuento de palabras|número de palabras"
        r"|nombre de mots|numero di parole) ?:? ?\d{1,5}\W{0,4}$|^\W{0,6}\(?\d{1,5} (?:palavras|parole)\)?\W{0,4}$",
    ),
    Kind(
        "bien sûr, voici le texte demandé :",
        "voici",
        rf"^\W*(?:bien sûr|volontiers|avec plaisir|d'accord)\b[!,. ]{{1,4}}voici\b[^\n]{{0,30}}\b{_TEXT_FR}\b",
    ),
    Kind(
        "dites-moi si vous voulez des changements",
        "dites-moi|dis-moi|n'hésite",
        r"\b(?:dites|dis)-moi si (?:vous|tu) (?:voulez|souhaitez|veux|souhaites|préfére\w+)"
        r"|\bn'hésite[zs]? pas à me (?:dire|demander|signaler)\b",
    ),
    Kind("si vous voulez, je peux", "je peux", r"\bsi (?:vous|tu) (?:le )?(?:voulez|souhaitez|veux"
        rf"|souhaites),? je peux (?:aussi )?{_DO_FR}"),
    Kind(
        "remarque : j'ai supposé",
        "remarque|note :|note:|nb",
        r"\b(?:remarque|note|n\.?b\.?) ?:\** ?(?:j'ai (?:supposé|inventé|laissé|estimé|ajouté)|veuillez"
        rf"|(?:le|la|les|l') ?{_FACT_FR} (?:est|sont) (?:fictifs?|fictives?|inventé|estimé|à))",
    ),
    Kind("le brief ne mentionne pas", "le brief|la demande", r"\ble brief ne (?:mentionne|précise|donne|dit"
        r"|contient)\b"),
    Kind("merci de compléter le prix", "merci de|veuillez", rf"\b(?:merci de|veuillez) (?:compléter|ajouter|insérer|"
         rf"remplir|vérifier|confirmer) (?:le |la |les |l'|votre |vos ){_FACT_FR}\b"),
    Kind("les prix sont fictifs", "ficti|inventé", rf"\b{_FACT_FR} sont (?:fictifs?|fictives?|inventée?s)\b"),
    Kind("hier der Text:", "hier ", rf"^\W*hier (?:kommt |folgt |ist |sind )?(?:der|die|ihr|dein|mein) "
         rf"(?:[\w-]{{1,20}} ){{0,3}}{_TEXT_DE}\b[^\n]{{0,30}}:"),
    Kind("lass mich wissen, ob", "mich wissen|bescheid", r"\b(?:lassen sie|lass) mich wissen,? (?:ob|wenn|falls)"
         r"|\b(?:geben sie|gib) (?:mir )?bescheid,? (?:ob|wenn|falls) (?:ich|etwas|der|noch)"),
    Kind("falls Sie möchten, kann ich", "kann ich", r"\b(?:falls|wenn) (?:sie|du) (?:möchten|wollen|möchtest|willst),? "
         r"kann ich (?:[\w-]+ ){0,5}(?:kürzen|ändern|anpassen|übersetzen|ergänzen|umschreiben)"
         r"|\bgerne? kann ich (?:\w+ ){1,4}(?:kürzen|ändern|anpassen|übersetzen|ergänzen)\b"),
    Kind("im Briefing steht kein", "briefing|auftrag", r"\b(?:im|laut|das|dem) briefing (?:steht|fehlt|nennt"
        r"|wird|ist)\b"
         r"|\b(?:fehlt|fehlen|steht|stehen) im briefing\b|\blaut briefing\b"),
    Kind("Hinweis: Ich habe angenommen", "hinweis:|anmerkung:|hinweis :", r"\b(?:hinweis|anmerkung|notiz) ?:\** ?"
         rf"(?:ich habe|bitte (?:ersetzen|ergänzen|prüfen|einsetzen)|(?:der|die|das) {_FACT_DE} (?:ist|sind"
         rf"|fehlt|fehlen))"),
    Kind("bitte ergänzen Sie den Preis", "bitte", rf"\bbitte (?:ergänzen|ersetzen|prüfen|bestätigen|einsetzen)"
         rf"(?: sie)? (?:den|die|das|ihren?|ihr) {_FACT_DE}\b"),
    Kind("die Preise sind Beispiele", "beispiel|fiktiv|erfunden|angenommen", rf"\b{_FACT_DE} sind (?:nur )?(?:beispiele"
         r"|fiktiv|erfunden|angenommen|platzhalter)"),
    Kind("ich habe keinen Zugriff", "keinen zugriff", r"\bich habe keinen zugriff auf (?:die|das|den|ihre|deine"
        r"|echtzeit)"),
    Kind("si quieres, puedo", "puedo ", rf"\bsi (?:quieres|quiere|lo deseas|lo desea"
        rf"|prefieres),? puedo (?:también )?{_DO_ES}"),
    Kind("avísame si", "avísame|avíseme|dime si|dígame si", r"\b(?:avísame|avíseme|dime|dígame) si (?:quiere"
        r"|desea|necesita"
         r"|prefiere|hay que)"),
    Kind("nota: he supuesto", "nota:", rf"\bnota:\** ?(?:he (?:supuesto|inventado|asumido|dejado|añadido)|por favor"
         rf"|(?:el|la|los|las) {_FACT_ES} (?:es|son|está|están)\b)"),
    Kind("por favor, completa el precio", "por favor", r"\bpor favor,? (?:completa|añade|inserta|agrega"
        r"|confirma|revisa|"
         rf"reemplaza|sustituye)[a-z]? (?:el|la|los|las|tu|tus|su|sus) {_FACT_ES}\b"),
    Kind("los precios son inventados", "inventad|ficticio|ficticia", rf"\b{_FACT_ES} son (?:inventad|fictici)[oa]s\b"),
    Kind("ecco il testo:", "ecco", rf"^\W*(?:certo|certamente"
        rf"|volentieri)\b[!,. ]{{1,4}}ecco\b[^\n]{{0,30}}\b{_TEXT_IT}\b"),
    Kind("ecco il testo:", "ecco ", rf"^\W*ecco (?:il|la|lo"
        rf"|una?) (?:[\w-]{{1,20}} )?{_TEXT_IT}\b[^\n]{{0,30}}:[ \t]*$"),
    Kind("spero che sia utile", "spero che", r"\bspero che (?:questo|il testo|ti|le|sia utile|vada bene)\b"),
    Kind("se vuoi, posso", "posso ", rf"\bse (?:vuoi|vuole|preferisci|preferisce|desideri"
        rf"|desidera),? posso (?:anche )?{_DO_IT}"),
    Kind("fammi sapere se", "sapere se", r"\b(?:fammi|mi faccia) sapere se (?:vuoi|vuole|desidera|preferisci|devo)"),
    Kind("il brief non indica", "brief", r"\bil brief non (?:indica|menziona|dice|contiene|specifica)\b"),
    Kind("inserire il prezzo", "inseri", rf"[(*\[]inseri(?:re|sci|te)(?: qui)? (?:il |la |lo |i |l')?{_FACT_IT}[)*\]]"),
    Kind("i prezzi sono inventati", "inventat|fittizi", rf"\b{_FACT_IT} sono (?:inventat|fittizi)\w?\b"),
)  # fmt: skip
