"""Every table in one import: for migrations, checks and the command line."""

from portal.advances import models as advances
from portal.allocations import models as allocations
from portal.batches import models as batches
from portal.bulletins import models as bulletins
from portal.campaigns import models as campaigns
from portal.cases import models as cases
from portal.cases import models_appeal as case_appeals
from portal.cases import models_follow as case_visits
from portal.cash import models as cash
from portal.distributions import models as distributions
from portal.distributions import models_handover as handover
from portal.donations import models as donations
from portal.donors import models as donors
from portal.emulation import models as emulation
from portal.emulation import models_certificates as certificates
from portal.emulation import models_initiatives as good_models
from portal.emulation import models_movements as movements
from portal.emulation import models_nominations as nominations
from portal.emulation import models_rewards as rewards
from portal.emulation import models_scoring as scoring
from portal.files import models as files
from portal.goods import models as goods
from portal.households import models as households
from portal.households import models_change as household_changes
from portal.households import models_help as household_help
from portal.households import models_private as household_private
from portal.households import models_registry as household_registry
from portal.housing import models as houses
from portal.housing import models_catalogue as house_catalogue
from portal.housing import models_closing as house_closing
from portal.housing import models_money as house_money
from portal.imports import models as imports
from portal.jobs import models as jobs
from portal.kit import audit, numbers, web
from portal.ledger import models as ledger
from portal.people import models as people
from portal.pledges import models as pledges
from portal.programmes import models as programmes
from portal.receipts import models as receipts
from portal.spending import models as spending
from portal.spending import models_batch as spending_batch
from portal.spending import models_others as spending_others
from portal.statements import models as statements
from portal.statements import models_settling as settling
from portal.units import models as units

__all__ = [
    "advances",
    "allocations",
    "audit",
    "batches",
    "bulletins",
    "campaigns",
    "case_appeals",
    "case_visits",
    "cases",
    "cash",
    "certificates",
    "distributions",
    "donations",
    "donors",
    "emulation",
    "files",
    "good_models",
    "goods",
    "handover",
    "house_catalogue",
    "house_closing",
    "house_money",
    "household_changes",
    "household_help",
    "household_private",
    "household_registry",
    "households",
    "houses",
    "imports",
    "jobs",
    "ledger",
    "movements",
    "nominations",
    "numbers",
    "people",
    "pledges",
    "programmes",
    "receipts",
    "scoring",
    "rewards",
    "settling",
    "spending",
    "spending_batch",
    "spending_others",
    "statements",
    "units",
    "web",
]
