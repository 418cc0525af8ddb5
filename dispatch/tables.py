"""All tables together, for the migrations. Importing this makes `Base.metadata` complete."""

from dispatch.accounts import tables as accounts
from dispatch.care.compensation import tables as compensation
from dispatch.care.complaints import tables as complaints
from dispatch.care.contacts import tables as contacts
from dispatch.care.day_log import tables as day_log
from dispatch.care.knowledge import tables as knowledge
from dispatch.care.return_calls import tables as return_calls
from dispatch.care.tasks import tables as care_tasks
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
    "accounts",
    "care_tasks",
    "compensation",
    "complaints",
    "contacts",
    "customers",
    "day_log",
    "health_files",
    "knowledge",
    "metadata",
    "notices",
    "outages",
    "own_phone",
    "phones",
    "planning",
    "records",
    "return_calls",
    "technicians",
    "visits",
]
