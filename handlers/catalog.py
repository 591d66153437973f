"""The command table: router, /help, menus and docs/commands.md are made from it, and from nothing else."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from bot.access.model import GRANTS, Permission, Person, Role
from bot.billing import detail_cards
from bot.briefs import rating_cards
from bot.briefs.options import OFFERED
from bot.intake import cards as intake_cards
from bot.intake.cards import DEADLINES, TARGETS, TYPES
from bot.kernel.card import Card
from bot.people.cards import ROLES
from bot.prompts import cards as prompt_cards
from bot.quality.model import CRITERIA
from bot.review import cards as review_cards
from bot.services import Services
from handlers.briefs import briefs, guided, lists, quotes, ratings, replay, search, voice
from handlers.money import billing
from handlers.ops import failed, jobs, still_trying, undelivered
from handlers.people import here, people, start
from handlers.prompts import duels, prompts
from handlers.reports import quality, reports
from handlers.review import queue, review, targets
from handlers.routing.places import Place
from handlers.routing.request import Request
from handlers.routing.waiting import (
    Question,
    anything,
    email_and_more,
    files_or_short_words,
    only_email,
    short_block,
    short_words,
    words,
    words_or_document,
)

Handler = Callable[[Person, Request, Services], Awaitable[Card]]


@dataclass(frozen=True, slots=True)
class Command:
    """/name. `permission` None: even strangers may. `example` shows how it is written.

    place: where its answer may be shown in a group.
    """

    name: str
    summary: str
    permission: Permission | None
    handler: Handler
    example: str
    place: Place = Place.TEAM


COMMANDS: tuple[Command, ...] = (
    Command("start", "Say hello, or come in with an invitation", None, start.start, "/start", Place.ANYWHERE),
    Command("help", "What you can do here", None, start.help_, "/help", Place.ANYWHERE),
    Command("brief", "Hand in a brief, step by step", Permission.SUBMIT_BRIEFS, briefs.brief, "/brief", Place.ANYWHERE),
    Command("briefs", "Briefs, newest first", Permission.USE, lists.briefs, "/briefs"),
    Command("find", "Search by words, names and numbers", Permission.USE, search.find, "/find solar lamp"),
    Command("queue", "What waits for a decision, oldest first", Permission.DECIDE, queue.queue, "/queue"),
    Command("failed", "What a fault stopped, to retry", Permission.DECIDE, failed.failed, "/failed"),
    Command("replay", "What happened to a brief, step by step", Permission.SEE_ALL, replay.replay, "/replay 1042"),
    Command("invoices", "Invoices, newest first", Permission.USE, lists.invoices, "/invoices"),
    Command("billing", "Where your invoices go", Permission.SUBMIT_BRIEFS, billing.show, "/billing", Place.PRIVATE),
    Command("status", "How things stand right now", Permission.USE, lists.status, "/status"),
    Command("report", "Figures of the day so far", Permission.READ_REPORTS, reports.report, "/report day"),
    Command(
        "quality", "How the gate does against people", Permission.READ_REPORTS, quality.quality, "/quality Drafting"
    ),
    Command("jobs", "What happens by itself", Permission.RUN_JOBS, jobs.jobs, "/jobs"),
    Command("prompts", "What the models are told", Permission.READ_PROMPTS, prompts.prompts, "/prompts"),
    Command(
        "prompt",
        "Write a new version of a prompt",
        Permission.CHANGE_PROMPTS,
        prompts.new,
        "/prompt draft Research",
        Place.PRIVATE,
    ),
    Command("duels", "Prompts that are compared on live briefs", Permission.READ_PROMPTS, duels.duels, "/duels"),
    Command("duel", "Compare two prompts on live briefs", Permission.CHANGE_PROMPTS, duels.duel, "/duel Drafting 3 5"),
    Command("invite", "Invite somebody", Permission.INVITE, start.invite, "/invite client"),
    Command("people", "Who is in, roles, open invitations", Permission.MANAGE_PEOPLE, people.people, "/people"),
    Command(
        "here", "Make this group a team room, or end that", Permission.BIND_ROOMS, here.here, "/here", Place.ANYWHERE
    ),
    Command("target", "Set the line of a client's briefs", Permission.SET_TARGETS, targets.target, "/target Alice 85"),
    Command("whoami", "Who I think you are", None, start.whoami, "/whoami", Place.ANYWHERE),
    Command(
        "stop", "Drop the question that waits for your answer", Permission.USE, guided.stop, "/stop", Place.ANYWHERE
    ),
)
BY_NAME: Mapping[str, Command] = {command.name: command for command in COMMANDS}

# /brief_1042 and /job_heartbeat: what stands behind the underscore is the subject.
WITH_SUBJECT: Mapping[str, Handler] = {
    "brief": briefs.show,
    "job": jobs.job,
    "replay": replay.named,
    "prompt": prompts.show,
    "duel": duels.show,
    "person": people.show,
}

ACTIONS: Mapping[str, Handler] = {
    "start": briefs.start,
    "cancel": briefs.cancel,
    "again": briefs.again,
    "unread": briefs.unread,
    "quote": quotes.show,
    "more": quotes.more,
    "types": quotes.types,
    **{f"type{index}": quotes.retype(index) for index in range(len(TYPES))},
    "qtext": quotes.ask_text,
    "qdue": quotes.ask_deadline,
    **{f"due{days}": quotes.due_in(days) for _, days in DEADLINES},
    "qlang": quotes.ask_language,
    **{f"lang{index}": quotes.in_language(index) for index in range(len(OFFERED))},
    "qtarget": quotes.ask_target,
    **{f"target{target}": quotes.at_target(target) for target in TARGETS},
    "vgo": voice.go,
    "vmore": voice.more,
    "vcorrect": voice.ask_correction,
    "vfull": voice.full_text,
    "vdrop": voice.drop,
    "ask": quotes.ask_missing,
    "askskip": quotes.question_skipped,
    "askstop": quotes.questions_skipped,
    "btype": guided.type_chosen,
    "bdue": guided.deadline_tapped,
    "gtarget": guided.target_tapped,
    "glang": guided.language_tapped,
    "gskip": guided.skip,
    "gskipall": guided.skip_all,
    "gback": guided.back,
    "bstop": guided.stop,
    "full": briefs.full_text,
    "retry": failed.retry,
    "restart": failed.restart,
    "iretry": failed.retry_invoice,
    "tretry": failed.retry_task,
    "tnow": still_trying.task_now,
    "tstop": still_trying.stop_task,
    "onow": still_trying.messages_now,
    "ostop": still_trying.stop_messages,
    "oagain": undelivered.send_again,
    "oletgo": undelivered.let_go,
    "mnoted": failed.noted,
    "approve": review.approve,
    "sendback": review.ask_what_to_change,
    "edit": review.ask_for_text,
    "reject": review.ask_why,
    "take": review.take,
    "giveback": review.give_back,
    "changes": review.changes,
    "order": review.order,
    "undecided": review.undecided,
    **{f"mend{index}": review.mend(index) for index in range(len(CRITERIA))},
    **{f"deny{index}": review.deny(index) for index in range(len(CRITERIA))},
    "briefs": lists.briefs,
    "queue": queue.queue,
    "failed": failed.failed,
    "replay": replay.step,
    "invoices": lists.invoices,
    "billshow": billing.back,
    "billchange": billing.change,
    "billkeep": billing.keep,
    "billland": billing.country_tapped,
    "billskip": billing.skip,
    "billstop": billing.stop,
    "billmore": billing.add_more,
    "billoff": billing.leave_off,
    "billremove": billing.ask_removal,
    "billremoveyes": billing.remove,
    "find": search.turn,
    "invite": start.invite_as,
    "people": people.people,
    "person": people.back,
    **{f"prole{index}": people.to_role(index) for index in range(len(ROLES))},
    "padmin": people.ask_admin,
    "premove": people.ask_removal,
    "premoveyes": people.remove,
    "invites": people.invitations,
    "irevoke": people.revoke,
    "rooms": people.rooms,
    "roomend": people.end_room,
    "rate": ratings.rate,
    "rateagain": ratings.ask_again,
    "ratestop": ratings.decline,
    "quality": quality.quality,
    "qdrift": quality.drift,
    "qworst": quality.disagreements,
    "qread": quality.read,
    "qcsv": quality.table,
    "qlines": quality.lines,
    "qline": quality.line,
    "qadopt": quality.ask_to_adopt,
    "qadoptyes": quality.adopt,
    "qkeep": quality.keep,
    "jrun": jobs.run,
    "jpause": jobs.pause,
    "jresume": jobs.resume,
    "pshow": prompts.back,
    "plist": prompts.versions,
    "ptext": prompts.text,
    "pdiff": prompts.compare,
    "puse": prompts.ask_use,
    "puseyes": prompts.use,
    "prest": prompts.ask_rest,
    "prestyes": prompts.rest,
    "dshow": duels.refresh,
    "dstop": duels.ask_stop,
    "dstopyes": duels.stop,
    "duel": duels.ask_start,
    "duelyes": duels.start,
}

# Lists whose pages are turned in place.
PAGED = frozenset({"briefs", "queue", "failed", "invoices", "people"})

# Where the answers to buttons may be shown; all that are not named here are for team rooms.
GUIDED_ACTIONS = frozenset({"btype", "bdue", "gtarget", "glang", "gskip", "gskipall", "gback", "bstop"})
OWN_ACTIONS = frozenset(
    {
        *("start", "cancel", "again", "quote", "more", "types", "qdue", "qlang", "qtarget"),
        *("rate", "rateagain", "ratestop"),
        *(f"type{index}" for index in range(len(TYPES))),
        *(f"due{days}" for _, days in DEADLINES),
        *(f"lang{index}" for index in range(len(OFFERED))),
        *(f"target{target}" for target in TARGETS),
    }
)
# Buttons that ask for words: in a group only commands are heard, so these ask in the private chat.
ASKING_ACTIONS = frozenset({"qtext", "ask", "sendback", "edit", "reject", "vcorrect"})

# Buttons that take a message for something else than the answer that it seemed to be; the question waits on.
ASIDE = frozenset({"unread"})

# Commands that end the question that waits; one behind it is then said once more.
STOPS = frozenset({"stop"})

# What a message does that answers one of ours, by the first button under that one.
REPLIES: Mapping[str, Handler] = {"vgo": voice.corrected_by_reply}

# The questions that wait for an answer in a person's own chat.
STEPS: Mapping[str, Question] = {
    guided.TEXT: Question(guided.answered, anything, intake_cards.TEXT_OPEN, album=True),
    guided.QUESTION: Question(guided.answered, anything, intake_cards.QUESTION_OPEN, album=True),
    guided.DEADLINE: Question(guided.answered, files_or_short_words, intake_cards.DEADLINE_OPEN, album=True),
    guided.TARGET: Question(guided.answered, files_or_short_words, intake_cards.TARGET_OPEN, album=True),
    guided.LANGUAGE: Question(guided.answered, files_or_short_words, intake_cards.LANGUAGE_OPEN, album=True),
    quotes.TEXT: Question(quotes.text_given, words, intake_cards.NEW_TEXT_OPEN),
    quotes.QUESTION: Question(quotes.question_answered, words, intake_cards.QUESTION_OPEN),
    quotes.DEADLINE: Question(quotes.deadline_written, short_words, intake_cards.DEADLINE_OPEN),
    quotes.LANGUAGE: Question(quotes.language_written, short_words, intake_cards.LANGUAGE_OPEN),
    quotes.TARGET: Question(quotes.target_written, short_words, intake_cards.TARGET_OPEN),
    billing.EMAIL: Question(billing.email_given, email_and_more, detail_cards.EMAIL_OPEN, claims=only_email),
    billing.NAME: Question(billing.name_given, short_words, detail_cards.NAME_OPEN),
    billing.COUNTRY: Question(billing.country_given, short_words, detail_cards.COUNTRY_OPEN),
    billing.ADDRESS: Question(billing.address_given, short_block, detail_cards.ADDRESS_OPEN),
    billing.TAX_ID: Question(billing.tax_id_given, short_words, detail_cards.TAX_ID_OPEN),
    voice.CORRECT: Question(voice.corrected, words, intake_cards.CORRECTION_OPEN),
    review.SEND_BACK_STEP: Question(review.send_back, words, review_cards.NOTE_OPEN),
    review.REJECT_STEP: Question(review.reject, words, review_cards.REASON_OPEN),
    review.EDIT_STEP: Question(review.edit, words_or_document, review_cards.EDIT_OPEN),
    prompts.TEXT_STEP: Question(prompts.text_given, words_or_document, prompt_cards.TEXT_OPEN),
    prompts.CHANGELOG_STEP: Question(prompts.changelog_given, words, prompt_cards.CHANGELOG_OPEN),
    ratings.MISSING_STEP: Question(ratings.missing_told, words, rating_cards.MISSING_OPEN),
}


def place_of_command(name: str, *, with_subject: bool) -> Place:
    """Where a command's answer may be shown; of one with a subject, such as /brief_1042, in team rooms."""
    if with_subject and name in WITH_SUBJECT:
        return Place.TEAM
    command = BY_NAME.get(name)
    return command.place if command is not None else Place.ANYWHERE


def place_of_action(action: str) -> Place:
    """Where the answer to a tap may be shown."""
    if action in ASKING_ACTIONS:
        return Place.PRIVATE
    if action in GUIDED_ACTIONS:
        return Place.ANYWHERE
    return Place.OWN if action in OWN_ACTIONS else Place.TEAM


def menu(role: Role) -> list[tuple[str, str]]:
    """The commands that a role may use, as (name, summary), for Telegram's menu and /help."""
    return [(c.name, c.summary) for c in COMMANDS if c.permission is None or c.permission in GRANTS[role]]
