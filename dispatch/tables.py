"""All tables together, for the migrations. Importing this makes `Base.metadata` complete."""

from dispatch.accounts import tables as accounts
from dispatch.customers import tables as customers
from dispatch.database import Base
from dispatch.notices import tables as notices
from dispatch.outages import tables as outages
from dispatch.phones import tables as phones
from dispatch.records import tables as records
from dispatch.technicians import tables as technicians
from dispatch.visits import tables as visits

metadata = Base.metadata

__all__ = ["accounts", "customers", "metadata", "notices", "outages", "phones", "records", "technicians", "visits"]
