"""The kinds of tables, in the order in which an office brings them."""

from portal.imports.kinds.accounts import ACCOUNTS
from portal.imports.kinds.campaigns import CAMPAIGNS
from portal.imports.kinds.criteria import CRITERIA
from portal.imports.kinds.donations import DONATIONS
from portal.imports.kinds.donors import DONORS
from portal.imports.kinds.goods import GOODS
from portal.imports.kinds.households import HOUSEHOLDS
from portal.imports.kinds.houses import HOUSES
from portal.imports.kinds.initiatives import INITIATIVES
from portal.imports.kinds.pledges import PLEDGES
from portal.imports.kinds.results import RESULTS
from portal.imports.kinds.reviews import REVIEWS
from portal.imports.kinds.units import UNITS

KINDS = {
    kind.name: kind
    for kind in (
        UNITS,
        ACCOUNTS,
        CAMPAIGNS,
        DONORS,
        GOODS,
        PLEDGES,
        DONATIONS,
        HOUSEHOLDS,
        HOUSES,
        REVIEWS,
        RESULTS,
        INITIATIVES,
        CRITERIA,
    )
}
