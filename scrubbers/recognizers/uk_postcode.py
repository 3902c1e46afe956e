"""British postcodes (BS 7666): outward code of area and district, inward code of a digit and two letters."""

import re
from collections.abc import Iterator

from presidio_analyzer import RecognizerResult

from scrubbers.clusters import SEPARATOR
from scrubbers.reading import Reading
from scrubbers.recognizers.base import ReadingRecognizer

KIND = "UK_POSTCODE"

_AREAS = (
    "AB AL B BA BB BD BF BH BL BN BR BS BT BX CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT "
    "DY E EC EH EN EX FK FY G GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE "
    "LL LN LS LU M ME MK ML N NE NG NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM "
    "SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW UB W WA WC WD WF WN WR WS WV YO ZE"
)
"""The postcode areas that Royal Mail uses."""
_AREA = "|".join("\0*".join(area) for area in sorted(_AREAS.split(), key=len, reverse=True))
_DISTRICT = r"[0-9]\0*[0-9]|[0-9]\0*[ABCDEFGHJKMNPRSTUVWXY]|[0-9]"
_INWARD = r"[0-9]\0*[ABD-HJLNP-UW-Z]\0*[ABD-HJLNP-UW-Z]\0*"
"""The letters are never C I K M O V."""
_POSTCODE = re.compile(
    rf"""
    (?<![A-Za-z0-9\x01])
    (?: (?P<area>{_AREA}) \0* (?:{_DISTRICT}) | G\0*I\0*R )
    {SEPARATOR}{{0,12}} (?:{_INWARD}|(?<=[Rr])(?:{SEPARATOR}){{0,12}}0\0*A\0*A\0*) (?![A-Za-z0-9\x01])
    """,
    re.VERBOSE | re.IGNORECASE,
)
_ORDINAL = re.compile(r"(?:1st|2nd|3rd|[4-9]th)\Z")


class UkPostcodeRecognizer(ReadingRecognizer):
    """Finds UK_POSTCODE by its shape."""

    COUNTRY_CODE = "uk"
    KINDS = (KIND,)
    FEWEST_DIGITS = 1

    def find(self, reading: Reading) -> Iterator[RecognizerResult]:
        """The postcodes in a text."""
        for found in _POSTCODE.finditer(reading.plain):
            # "the M4 5th junction"
            if not (_ORDINAL.search(found[0]) and found[0][0].isupper()):
                yield RecognizerResult(KIND, *found.span(), 0.85)
