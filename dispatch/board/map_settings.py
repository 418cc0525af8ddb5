"""What an operator may set about the board's map. Without any of it nothing leaves the house."""

import re
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

TILES = re.compile(r"https://[A-Za-z0-9.-]+(:[0-9]{1,5})?/[A-Za-z0-9._~:/?&=%@!$*+,{}-]*")


class MapSettings(BaseSettings):
    """Where the map's pictures come from, if from anywhere."""

    model_config = SettingsConfigDict(env_prefix="DOORSTEP_", env_file=".env", extra="ignore", frozen=True)

    map_tiles: str = Field(
        "",
        max_length=300,
        description="Address of the board's map tiles with `{z}`, `{x}` and `{y}` (https); empty: the board draws its "
        "own ground from areas and homes, and no browser asks anybody else.",
    )
    map_tiles_datum: Literal["wgs84", "gcj02"] = Field(
        "wgs84", description="What the tiles are drawn in: public maps of mainland China in `gcj02`."
    )
    map_tiles_notice: str = Field(
        "", max_length=120, description="The words that the tiles' owner wants to see on the map."
    )

    @field_validator("map_tiles")
    @classmethod
    def _an_address(cls, value: str) -> str:
        named = all(part in value for part in ("{z}", "{x}", "{y}"))
        if value and not (named and TILES.fullmatch(value)):
            raise ValueError("an https address with {z}, {x} and {y}, for example https://tiles.example.cn/{z}/{x}/{y}")
        return value

    @property
    def origin(self) -> str:
        """The one origin that the board's page may load pictures from; empty without tiles."""
        parts = urlsplit(self.map_tiles)
        return f"{parts.scheme}://{parts.netloc}" if self.map_tiles else ""
