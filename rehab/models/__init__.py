"""The tables. Typed tables on one abstract base; see docs/adr."""

from rehab.models.alerts import Alert, AlertCause, AlertMessage, AlertMute, AlertWatermark
from rehab.models.girth import GirthMeasurement
from rehab.models.patients import CareTeamMember, Patient
from rehab.models.questionnaires import QuestionnaireResponse
from rehab.models.records import Measurement, Record, RecordVersion
from rehab.models.responders import ClinicQuestionnaires, ClinicResponder
from rehab.models.rom import RomMeasurement
from rehab.models.sessions import ExerciseSession
from rehab.models.strength import StrengthTest

__all__ = [
    "Alert",
    "AlertCause",
    "AlertMessage",
    "AlertMute",
    "AlertWatermark",
    "CareTeamMember",
    "ClinicQuestionnaires",
    "ClinicResponder",
    "ExerciseSession",
    "GirthMeasurement",
    "Measurement",
    "Patient",
    "QuestionnaireResponse",
    "Record",
    "RecordVersion",
    "RomMeasurement",
    "StrengthTest",
]
