"""Which checklists are published: every version stays, since each visit keeps the one it was started with."""

from checklists.definition import Checklist, Kind
from checklists.visit_install_v1 import VISIT_INSTALL_V1
from checklists.visit_install_v2 import VISIT_INSTALL_V2
from checklists.visit_repair_v1 import VISIT_REPAIR_V1
from checklists.visit_repair_v2 import VISIT_REPAIR_V2

CHECKLISTS: dict[str, Checklist] = {
    checklist.key: checklist for checklist in (VISIT_INSTALL_V1, VISIT_REPAIR_V1, VISIT_INSTALL_V2, VISIT_REPAIR_V2)
}


def by_key(key: str) -> Checklist:
    """The published checklist `key` (`visit_install@1`); KeyError when there is none."""
    return CHECKLISTS[key]


def current(kind: Kind) -> Checklist:
    """The version that a visit of this kind is started with today; KeyError for a kind without a checklist."""
    versions = [checklist for checklist in CHECKLISTS.values() if checklist.kind == kind]
    if not versions:
        raise KeyError(kind)
    return max(versions, key=lambda checklist: checklist.version)
