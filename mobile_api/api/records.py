"""The API of records."""

from mobile_api.api.routing import api_router

router = api_router("records")
