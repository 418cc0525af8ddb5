"""The routes of the desk's pages, gathered."""

from fastapi import APIRouter

router = APIRouter(include_in_schema=False)
