"""What may be sent to us about a line."""

from typing import Annotated, Literal

from fastapi import Query
from pydantic import Field

from mobile_api.shapes import Line, Shape, ShortLine, Text

MEASURED = Literal["onu_rx_power", "onu_tx_power", "dl_rate", "ul_rate", "dsl_snr_margin", "dsl_attenuation",
                   "eth_link_rate", "loss", "ping_avg", "ppp_auth_time"]  # fmt: skip


Search = Annotated[
    str,
    Query(max_length=100, description="Words; all of them must occur. Signs are passed over.", examples=["晚上 掉线"]),
]


class PlaceShape(Shape):
    """Where a line hangs. Left out or null: not known (a building is then read from the address)."""

    splitter: ShortLine | None = Field(None, examples=["ODN-ZJ-0147/2-03"])
    building: Line | None = Field(None, examples=["龘园路88弄3号楼"])


class LooksShape(Shape):
    """How a fault looks before anybody has touched it. Values are in the catalogue's units; `LO` is no light."""

    symptoms: list[Line] = Field(
        default_factory=list, max_length=20, description="Quick picks by value or label, or own words."
    )
    dial_codes: list[int] = Field(default_factory=list, max_length=5, examples=[[691]])
    found: dict[MEASURED, float | Literal["LO"]] = Field(default_factory=dict, examples=[{"onu_rx_power": -26.4}])
    device_model: ShortLine | None = None
    words: Text = ""
