"""The routes of the technician's pages, gathered."""

from fastapi import APIRouter

router = APIRouter(include_in_schema=False)
