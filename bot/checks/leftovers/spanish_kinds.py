"""What a model says in Spanish to whoever asked, and of itself, and the gaps that it leaves, as a table; a row is
explained by `kinds.Kind`.

The rows stand in the order in which they are tried at a place.
"""

from bot.checks.leftovers.kinds import Kind

_COSA = (
    r"(?:precios?|fechas?|datos?|texto|imagen|fotos?|enlace|dirección|detalles?|nombre|importe|teléfono|correo|logo)"
)
_OBRA = r"(?:texto|página|borrador|artículo|carta|correo|versión|nota|redacción)"
_CAMBIA = r"(?:haga|ajuste|cambie|acorte|amplíe|añada|modifique|traduzca)"

SPANISH = (
    Kind(
        "aquí tienes el texto:",
        "aquí t|aquí está|aquí le|a continuación",
        rf"^[^\n]{{0,30}}(?:aquí (?:tienes|tiene|está|te dejo|le dejo)|a continuación,?) [^\n]{{0,60}}\b{_OBRA}\b"
        r"[^\n:]{0,40}:[ \t]*$",
    ),
    Kind(
        "espero que te sea útil",
        "espero que",
        r"\bespero que (?:esto |el texto |la página |el borrador )?(?:te|le|os|les) (?:sea útil|sirva|resulte útil)\b",
    ),
    Kind(
        "¿te gustaría que lo acorte?",
        "¿te gustaría que|¿le gustaría que",
        rf"¿(?:te|le) gustaría que (?:(?:lo|la) )?{_CAMBIA}\b",
    ),
    Kind(
        "¿prefieres una versión más corta?",
        "¿quiere|¿desea|¿prefiere|¿necesita",
        rf"¿(?:quiere|desea|prefiere|necesita)s? (?:una versión\b|otra versión\b|que {_CAMBIA}\b)",
    ),
    Kind(
        "si necesitas algún cambio, dímelo",
        "dímelo|dígamelo|avísame|avíseme|házmelo|hágamelo",
        r"\bsi (?:necesita|quiere|desea)s? (?:algún|algunos?|más|otros?) (?:cambios?|ajustes?)\b[^\n.]{0,40}"
        r"\b(?:dímelo|dígamelo|avísame|avíseme|házmelo saber|hágamelo saber)\b",
    ),
    Kind(
        "(añadir precio)",
        "(añad|(agreg|(incluir|(poner|(completar|(indicar|(rellenar",
        rf"\((?:añad(?:ir|e|a)|agreg(?:ar|ue|a)|incluir|poner|completar|indicar|rellenar) "
        rf"(?:el |la |los |las |su |tu )?{_COSA}\)",
    ),
    Kind(
        "no puedo acceder a internet",
        "no pued|no poder|no tengo acceso",
        r"(?<!si )\b(?:lamento no poder|no puedo) (?:ayudar(?:te|le)? con (?:eso|esto)|acceder a (?:internet|archivos?"
        r"|enlaces?|información en tiempo real)|verificar (?:el precio|la información|los datos|las cifras))\b"
        r"|\bno tengo acceso a (?:internet|archivos?|información (?:actual|en tiempo real))\b",
    ),
    Kind(
        "nota: sustituye los datos",
        "nota:|nota para",
        r"^\W{0,4}nota(?: para (?:el cliente|el editor|ti|usted))?: ?(?:por favor,? )?(?:sustitu|reempla|complet|rellen"
        r"|verifi)\w{1,5} (?:el|la|los|las|este|esta|lo)\b",
    ),
    Kind("los datos entre corchetes", "entre corchetes", r"\b(?:datos|texto|campos|campo) entre corchetes\b"),
    Kind(
        "el brief no menciona el precio",
        "brief no |briefing no |encargo no |solicitud no |petición no |instrucciones no ",
        r"\b(?:el|su|tu|la) (?:brief|briefing|encargo|solicitud|petición) no (?:menciona|indica|especifica|incluye)\b"
        r"|\blas instrucciones no (?:mencionan|indican|especifican|incluyen)\b",
    ),
    Kind(
        "según las instrucciones, he omitido",
        "instrucciones|según el|según tu|según su|como solicitaste|como pediste",
        r"\b(?:según (?:(?:las|tus|sus) instrucciones|(?:el|tu|su) (?:brief|encargo))|como (?:solicitaste|pediste)),? "
        r"(?:he|omití|incluí|se ha)\b",
    ),
    Kind(
        "soy un asistente virtual",
        "asistente virtual|asistente de ",
        r"\b(?:soy una?|como) asistente (?:virtual|de (?:ia|inteligencia artificial))\b",
    ),
    Kind(
        "versión final:",
        "versión|borrador|texto final",
        r"^\W{0,6}(?:versión (?:final|revisada|definitiva)|borrador (?:final|revisado)|texto final)\W{0,4}$",
    ),
    Kind("(continuará)", "(continuar", r"^\W{0,4}\(continuará\)\W{0,4}$"),
    Kind(
        "pendiente: foto del producto",
        "pendiente",
        rf"^[^\w\n]{{0,20}}pendientes?: ?(?:(?:el|la|los|las|una?) )?{_COSA}\b",
    ),
    Kind(
        "a completar",
        "a completar|a rellenar|por rellenar",
        r"(?:^|[(\[:])[ \t*]{0,8}(?:a (?:completar|rellenar)|por rellenar)[ \t*]{0,8}(?=[.)\]]|$)",
    ),
)
