"""All tables together, for the migrations. Importing this makes `Base.metadata` complete."""

from dispatch.accounts import tables as accounts
from dispatch.customers import tables as customers
from dispatch.database import Base
from dispatch.health_files import tables as health_files
from dispatch.notices import tables as notices
from dispatch.outages import tables as outages
from dispatch.phones import tables as phones
from dispatch.planning import tables as planning
from dispatch.records import tables as records
from dispatch.records.own_phone import tables as own_phone
from dispatch.technicians import tables as technicians
from dispatch.visits import tables as visits

metadata = Base.metadata

__all__ = [
    "accounts", "customers", "health_files", "metadata", "notices", "outages", "own_phone", "phones", "planning",
    "records", "technicians", "visits",
]  # fmt: skip
