"""One run: one company, once. The main line of Dunwell.

    claim     this company is ours until the lease ends
    sync      read what changed on the platform, page by page
    decide    the engine looks at every account that is touched or due, and says why
    record    decisions and intended acts, each with its key, before anything is done
    perform   re-read the very documents, then act: once, or not at all
    report    what was done, what waits, when to look again

Every step commits before the next. A run may be killed anywhere and started again: nothing is done twice, and nothing
is lost.
"""

from __future__ import annotations

import time
from datetime import timedelta

import stamina
import structlog
from sqlalchemy.exc import OperationalError

from connectors.errors import ReconnectNeeded, Refused, RetryLater, StopRun
from scheduler import metrics
from scheduler.deciding import decide_and_record
from scheduler.lease import Lease, LeaseLost, Stopping
from scheduler.next_run import next_run_at
from scheduler.parts import Parts
from scheduler.performing import perform
from scheduler.report import Report, blank_report
from scheduler.syncing import sync
from store import companies, outbox, runs
from store.tables import Company

log = structlog.get_logger(__name__)


def run_company(parts: Parts, company_id: int, *, dry_run: bool = False, only_if_due: bool = False) -> Report:
    """Run one company once, and report. Never raises for what one company can get wrong.

    With `dry_run` the books are read and decided on, and nothing is recorded or done. With `only_if_due` a company
    whose time has not come is reported as busy: somebody else has just run it.
    """
    started = time.perf_counter()
    with parts.database.begin() as session:
        company = companies.get(session, company_id)
        lease = Lease.take(parts, session, company_id, only_if_due=only_if_due)
        run_id = runs.start(session, company_id, parts.worker, parts.clock()) if lease else 0
    report = blank_report(company)
    if lease is None:
        report.worsen("busy", "another run has this company")
        return report
    metrics.note_webhook(company, parts.clock())
    with structlog.contextvars.bound_contextvars(company=company_id, run=run_id):
        try:
            _steps(parts, company, run_id, lease, report, dry_run=dry_run)
        except LeaseLost as error:
            report.worsen("partial", str(error))
        finally:
            report.seconds = time.perf_counter() - started
            _close_run(parts, company_id, run_id, lease, report)
    return report


def _steps(parts: Parts, company: Company, run_id: int, lease: Lease, report: Report, *, dry_run: bool) -> None:
    company_id, books = company.stored_id, parts.books(company)
    books.before_call = lease.insist
    try:
        sync(parts, company, books, lease, report)
        decide_and_record(parts, company_id, run_id, lease, report, dry_run=dry_run)
        if not dry_run and perform(parts, company_id, books, lease, report):
            # Something had changed under our hands: what it means instead is decided and done in the same run.
            decide_and_record(parts, company_id, run_id, lease, report, dry_run=dry_run)
            perform(parts, company_id, books, lease, report)
    except RetryLater as error:
        report.worsen("partial", str(error))
        report.wait = error.wait
    except Refused as error:
        # Of an act, a refusal is told where it stands. Whoever may not even be read has to be let in by a person.
        report.worsen("failed", str(error))
    except ReconnectNeeded as error:
        report.worsen("reconnect_needed", str(error))
        with parts.database.begin() as session:
            companies.mark_reconnect_needed(session, company_id, str(error), parts.clock())
    except Stopping as error:
        report.worsen("partial", str(error))
        report.wait = timedelta(0)
    except StopRun as error:
        report.worsen("failed", str(error))
    except LeaseLost:
        raise
    except Exception:
        # One bad company never stops the others: it is told, logged with its trace, and tried again later.
        log.exception("run failed")
        report.worsen("failed", "something unexpected went wrong; the log has the details")
    finally:
        report.api_calls = books.api_calls


def _close_run(parts: Parts, company_id: int, run_id: int, lease: Lease, report: Report) -> None:
    # All that is left is to say that it is over: a server that goes away right now must not keep the company waiting
    # until the lease ends. Done twice it changes nothing more, and tells nobody again.
    for attempt in stamina.retry_context(on=OperationalError, attempts=5, wait_initial=0.2, wait_jitter=0.2):
        with attempt:
            _write_down(parts, company_id, run_id, lease, report)
    metrics.count_run(report)
    log.info("run finished", **report.as_dict())


def _write_down(parts: Parts, company_id: int, run_id: int, lease: Lease, report: Report) -> None:
    now = parts.clock()
    with parts.database.begin() as session:
        if runs.finish(session, run_id, report.status, report.detail, report.as_dict(), now):
            outbox.put(session, company_id, "run.finished", report.as_dict(), now)
        lease.release(session, next_run_at(session, company_id, report, now))
