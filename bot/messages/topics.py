"""What a message to a person is about, so that each may say what they want to hear of."""

from enum import StrEnum


class Topic(StrEnum):
    """A subject that a person may hear of."""

    BRIEFS = "briefs"
    INVOICES = "invoices"
    APPROVALS = "deeds to approve"
    REVIEW = "drafts to decide on"
    RATINGS = "ratings"
    SUPPORT = "messages between clients and the team"
    QUALITY = "quality"
    COSTS = "costs of models"
    ALERTS = "alerts"
    DUTY = "duties"
    TROUBLE = "faults and outages"
    MIRROR = "the mirror"
    JOBS = "jobs"
    REPORTS = "reports"
    PEOPLE = "people and rooms"
    SETUP = "what is to be set up"
