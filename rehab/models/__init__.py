"""The tables. Typed tables on one abstract base; see docs/adr."""

from rehab.models.alerts import Alert, AlertCause, AlertMessage, AlertMute, AlertWatermark
from rehab.models.assessments import Assessment
from rehab.models.baselines import SeriesBaseline
from rehab.models.check_ins import CheckIn
from rehab.models.girth import GirthMeasurement
from rehab.models.goals import Goal, GoalReview
from rehab.models.hints import HintDismissal
from rehab.models.library import ArticleAssignment, ArticleQuestion, ArticleReading
from rehab.models.patients import CareTeamMember, Patient
from rehab.models.programs import ChecklistAnswers, Excusal, Program, ProgramItem, ProgramItemVersion, ProgramTemplate
from rehab.models.questionnaires import QuestionnaireResponse
from rehab.models.records import Measurement, Record, RecordVersion
from rehab.models.responders import ClinicQuestionnaires, ClinicResponder
from rehab.models.rom import RomMeasurement
from rehab.models.sessions import ExerciseSession
from rehab.models.sign_offs import WordingSignOff
from rehab.models.strength import StrengthTest
from rehab.models.summaries import (
    Summary,
    SummaryDelivery,
    SummaryPreference,
    SummaryRun,
    SummaryVersion,
    WeekTotal,
)

__all__ = [
    "Alert",
    "AlertCause",
    "AlertMessage",
    "AlertMute",
    "AlertWatermark",
    "ArticleAssignment",
    "ArticleQuestion",
    "ArticleReading",
    "Assessment",
    "CareTeamMember",
    "CheckIn",
    "ChecklistAnswers",
    "ClinicQuestionnaires",
    "ClinicResponder",
    "Excusal",
    "ExerciseSession",
    "GirthMeasurement",
    "Goal",
    "GoalReview",
    "HintDismissal",
    "Measurement",
    "Patient",
    "Program",
    "ProgramItem",
    "ProgramItemVersion",
    "ProgramTemplate",
    "QuestionnaireResponse",
    "Record",
    "RecordVersion",
    "RomMeasurement",
    "SeriesBaseline",
    "StrengthTest",
    "Summary",
    "SummaryDelivery",
    "SummaryPreference",
    "SummaryRun",
    "SummaryVersion",
    "WeekTotal",
    "WordingSignOff",
]
