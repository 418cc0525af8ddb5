"""The API of lines."""

from mobile_api.api.routing import api_router

router = api_router("lines")
