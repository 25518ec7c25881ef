"""Every table in one import: for migrations, checks and the command line."""

from portal.bulletins import models as bulletins
from portal.campaigns import models as campaigns
from portal.donations import models as donations
from portal.emulation import models as emulation
from portal.households import models as households
from portal.jobs import models as jobs
from portal.kit import audit, numbers, web
from portal.ledger import models as ledger
from portal.people import models as people
from portal.programmes import models as programmes
from portal.statements import models as statements
from portal.units import models as units

__all__ = [
    "audit",
    "bulletins",
    "campaigns",
    "donations",
    "emulation",
    "households",
    "jobs",
    "ledger",
    "numbers",
    "people",
    "programmes",
    "statements",
    "units",
    "web",
]
