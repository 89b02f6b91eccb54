"""Pattern hints in words: what fired, what is missing, until when, and who set one aside."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from rehab.analytics import hint_texts
from rehab.analytics.hints import Evidence
from rehab.reference import hint_texts as hint_words
from rehab.reference.motions import MOTIONS
from rehab.selectors.analyses.hints import ShownHint
from rehab.selectors.analyses.overview import Overview
from rehab.web.analysis import phrases
from rehab.web.records import words
from rehab.web.records.choices import words_for
from rehab.web.series import words as series_words


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    what: str
    when: str
    readings: list[tuple[str, str]]  # value and day, and the address of the record


@dataclass(frozen=True, slots=True)
class HintCard:
    title: str
    text: str
    sides: str
    red_flag: bool
    evidence: list[EvidenceLine]
    readings: int
    signs: str
    missing: str
    exceptions: str
    held_against: str
    until: str
    method: str
    dismiss_url: str
    dismissed: str
    dismissed_because: str


def title_of(hint: ShownHint) -> str:
    """Return the heading of a hint, with what tells it from another of its code."""
    name = hint_words.TITLES[hint.code].name(phrases.language())
    parameters = hint.parameters
    if "names" in parameters:
        place = [hint_words.names_of(parameters["names"], phrases.language()), str(phrases.SIDES[parameters["side"]])]
    elif "joint" in parameters:
        digit = words_for("digit", parameters["digit"]) if parameters["digit"] else ""
        place = [
            hint_words.name_of(parameters["joint"], phrases.language()),
            str(phrases.SIDES[parameters["side"]]),
            digit,
        ]
    else:
        return name
    return f"{name}: {phrases.joined(place)}"


class HintCards:
    """The hints of one patient as one reader sees them."""

    def __init__(self, found: Overview, user: User) -> None:
        self.found, self.user = found, user
        self._readings = {
            str(one.id): (row.description, one) for row in found.found.series.values() for one in row.measured
        }

    def card(self, hint: ShownHint) -> HintCard:
        names, dismissal = phrases.language(), hint.dismissal
        evidence = [self._evidence(hint, row) for row in hint.evidence]
        return HintCard(
            title=title_of(hint),
            text=hint_texts.text(code=hint.code, parameters=hint.parameters, language=names),
            sides={True: _("symmetric"), False: _("asymmetric")}.get(hint.symmetric, "")
            if hint.symmetric is not None
            else "",
            red_flag=hint.red_flag is not None,
            evidence=evidence,
            readings=len({url for line in evidence for _text, url in line.readings}),
            signs=phrases.joined(hint_words.name_of(sign, names) for sign in hint.parameters.get("signs", ())),
            missing=phrases.joined(self._missing(hint)),
            exceptions=phrases.joined(hint_words.EXCEPTIONS[code].name(names) for code in hint.exceptions),
            held_against=hint_words.REFERENCES[hint.parameters["reference"]].name(names)
            if "reference" in hint.parameters
            else "",
            until=words.day(hint.expires_on),
            method=hint.method,
            dismiss_url=reverse("hint-dismiss", args=[self.found.seen.patient.pk, hint.key]),
            dismissed=""
            if dismissal is None
            else _("%(name)s, %(moment)s")
            % {
                "name": dismissal.dismissed_by.name,
                "moment": words.moment(dismissal.dismissed_at, self.found.found.zone),
            },
            dismissed_because="" if dismissal is None else dismissal.reason,
        )

    def _missing(self, hint: ShownHint) -> list[str]:
        names = phrases.language()
        return [
            hint_words.MISSING[code].name(names) if code in hint_words.MISSING else MOTIONS[code].name(names)
            for code in hint.missing
        ]

    def _evidence(self, hint: ShownHint, row: Evidence) -> EvidenceLine:
        capsular = hint.code == hint_texts.CAPSULAR
        name = (
            MOTIONS[row.what].name(phrases.language()) if capsular else hint_words.name_of(row.what, phrases.language())
        )
        readings = []
        for id_ in row.ids:
            if id_ in self._readings:
                description, one = self._readings[id_]
                url = reverse("record", args=[description.kind, one.id])
                readings.append(
                    (
                        phrases.joined(
                            [series_words.value(description, one.value, self.user), phrases.short_day(one.on)]
                        ),
                        url,
                    )
                )
        return EvidenceLine(
            phrases.joined([name, str(phrases.SIDES[row.side])]), phrases.span(row.first_on, row.last_on), readings
        )
