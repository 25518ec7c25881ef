"""What a page says of a job that is under way."""

from __future__ import annotations

from dataclasses import dataclass

from portal.jobs.actions import ENDED
from portal.jobs.models import Job

WAITING = "Chờ tới lượt, thường trong vài giây."
STOPPING = "Đang dừng theo yêu cầu."


@dataclass(frozen=True)
class JobOnPage:
    """What `ui.job_progress` draws; `url` answers with the same piece."""

    state: str
    done: int
    total: int | None
    message: str
    url: str
    cancel_url: str | None
    is_estimate: bool = False  # `total` is what is to be expected by what was read so far

    @property
    def percent(self) -> int | None:
        """How much is done; 100 only at the end."""
        if not self.total:
            return None
        return min(self.done * 100 // self.total, 100 if self.state in ENDED else 99)


def progress_of(job: Job, *, url: str, cancel_url: str | None) -> JobOnPage:
    """A job for the page at `url`, which shows it again and again until it has ended."""
    stopping = job.cancel_requested and job.state not in ENDED
    message = STOPPING if stopping else job.message or (WAITING if job.state == "waiting" else "")
    return JobOnPage(
        job.state,
        job.done,
        job.total,
        message,
        url,
        None if stopping else cancel_url,
        is_estimate=bool(job.params.get("estimated")) and job.state not in ENDED,
    )
