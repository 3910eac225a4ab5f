"""What figures, promises, ends and codes look like in German, French and Spanish: patterns, no code.

The common forms, so that a draft in these languages is not simply waved through; English and Chinese have
their own modules and know more.
"""

from __future__ import annotations

__all__ = ["CODES", "ENDS", "FREE", "FREE_SHIPPING", "GIFT", "MONEY_OFF", "NUMBERS", "PERCENT"]

PERCENT = r"prozent|v\.\s?h\.|pour[\s-]?cents?|por\s?cien(?:to)?"
_UNIT = (
    rf"{PERCENT}|euros?|eur|franken|francs?|dollars?|dólares|pesos|punkte|points|puntos|tage|jours|días|stunden|"
    r"heures|horas"
)
_DE = "zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|hundert|tausend"
_DE_TENS = "(?:zwan|vier|fünf|sech|sieb|acht|neun)zig|drei(?:ß|ss)ig"
_FR = "deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|quinze|cent|mille"
_FR_TENS = "vingt|trente|quarante|cinquante|soixante|quatre[\\s-]vingts?"
_ES = "dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|quince|cien|ciento|mil"
_ES_TENS = "veinte|treinta|cuarenta|cincuenta|sesenta|setenta|ochenta|noventa"

NUMBERS = (
    rf"(?:{_DE}|{_FR}|{_ES})\s+(?:{_UNIT})",
    rf"(?:(?:ein|zwei|drei|vier|fünf|sechs|sieben|acht|neun)und)?(?:{_DE_TENS})",
    rf"(?:{_FR_TENS})(?:[\s-](?:et[\s-])?(?:une?|{_FR})){{0,2}}",
    rf"(?:{_ES_TENS})(?:\s+y\s+(?:uno|{_ES}))?|veinti\w{{3,6}}",
    r"(?:zum\s+)?halbe[nrm]?\s+preis(?:es)?|(?:die\s+)?hälfte\s+des\s+preises|(?:à\s+)?moitié[\s-]prix"
    r"|(?:a\s+)?mitad\s+de(?:l)?\s+precio",
)

_TODAY = r"heute|aujourd'hui|hoy"
_SOON = (
    r"heute(?:\s+(?:nacht|abend))?|morgen|mitternacht|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|wochenende"
    r"|aujourd'hui|demain|ce\s+soir|minuit|dimanche|lundi|mardi|mercredi|jeudi|vendredi|samedi"
    r"|hoy|mañana|esta\s+noche|medianoche|(?:el\s+)?(?:domingo|lunes|martes|miércoles|jueves|viernes|sábado)"
)
ENDS = (
    rf"(?:nur|seulement|uniquement|sólo|solo|solamente)\s+(?:noch\s+|por\s+|pour\s+)?(?:{_TODAY})"
    rf"|(?:{_TODAY})\s+(?:nur|seulement|uniquement|sólo|solo|solamente)(?!\s+\w+\s+tag)",
    r"letzte[rn]?\s+(?:tage?n?|stunden?|chancen?|gelegenheit)|derni(?:er|ère)s?\s+(?:jours?|heures?|chances?)"
    r"|últim[oa]s?\s+(?:días?|horas?|oportunidad(?:es)?)",
    rf"(?:(?:nur\s+)?bis|endet|läuft\s+ab|jusqu'(?:à|au)|(?:se\s+termine|prend\s+fin|expire)|hasta|termina|acaba|"
    rf"finaliza)\s+(?:zum\s+|am\s+|ce\s+|el\s+)?(?:{_SOON})",
)

CODES = (
    r"(?i:(?:gutschein|rabatt|aktions|promo)[\s-]?code\s*[:=]?\s*[„“\"«]?)(?P<it>[^\W_][\w-]{2,39})",
    r"(?i:(?:mit|avec|con)\s+(?:dem|le|el)\s+c[oó](?:de|digo)\s+(?:promo\s+|promocional\s+)?[„“\"«]?)"
    r"(?P<it>[A-Z][\w-]{2,39})",
    r"(?i:c[oó]digo(?:\s+(?:promocional|de\s+descuento))?\s*[:=]?\s*[“\"«]?)(?P<it>[A-Z][A-Z_-]{2,39})(?![\w-])",
)

FREE_SHIPPING = (
    r"versandkostenfrei\w*|(?:kostenlose[rnms]?|kostenfreie[rnms]?|gratis)[\s-]?(?:versand|lieferung)"
    r"|livraison\s+(?:est\s+)?(?:gratuite|offerte)|(?:frais\s+de\s+)?port\s+offerts?|envíos?\s+grat(?:is|uitos?)"
)
GIFT = r"gratisgeschenk|geschenk\s+(?:dazu|gratis)|cadeaux?\s+offerts?|regalos?\s+(?:gratis|incluidos?)"
FREE = (
    r"kostenlos\w*|kostenfrei\w*|(?<!nicht )umsonst|gratis|gratuit(?:e|s|es|ement)?|offert(?:e|s|es)?"
    r"|sin\s+coste|de\s+regalo"
)
MONEY_OFF = (
    r"\w{0,12}rabatte?n?|preisnachl(?:ass|ässe)|preissenkung(?:en)?|sonderpreise?n?|schlussverkauf|reduziert(?!\s+auf\s+das)"
    r"|remises?(?!\s+(?:en|à|au))|réductions?(?!\s+(?:des?|du|d')\s*\w)|soldes|prix\s+(?:réduits?|cassés?)"
    r"|descuentos?|rebajas?|rebajad[oa]s?"
)
