"""The names of the three signature fields, in the order in which they are signed. The company seals last."""

CUSTOMER_FIELD = "CustomerSignature"
TECHNICIAN_FIELD = "TechnicianSignature"
COMPANY_FIELD = "CompanySeal"
FIELDS_IN_ORDER = (CUSTOMER_FIELD, TECHNICIAN_FIELD, COMPANY_FIELD)
