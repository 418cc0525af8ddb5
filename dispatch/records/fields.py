"""The names of the three signature fields, in the order in which they are signed. The company seals last.

`ARCHIVE_FIELD` is no signature of anybody: the last time-stamp over everything, where there is a time-stamp service.
"""

CUSTOMER_FIELD = "CustomerSignature"
TECHNICIAN_FIELD = "TechnicianSignature"
COMPANY_FIELD = "CompanySeal"
FIELDS_IN_ORDER = (CUSTOMER_FIELD, TECHNICIAN_FIELD, COMPANY_FIELD)
ARCHIVE_FIELD = "ArchiveTimeStamp"
