"""Write dispatch/care/working_days.json from `chinesecalendar` (MIT), whose data are the State Council's notices.

    python tools/write_working_days.py

Run it with a newer chinesecalendar when a further year is published, usually in November of the year before.
"""

import json
from importlib.metadata import version
from pathlib import Path

from chinese_calendar import constants

FILE = Path(__file__).resolve().parent.parent / "dispatch/care/working_days.json"


def main() -> None:
    """Only what differs from Monday to Friday: days off that are weekdays, and weekend days that are worked."""
    off = sorted(day for day in constants.holidays if day.weekday() < 5)
    worked = sorted(day for day in constants.workdays if day.weekday() >= 5)
    years = sorted({day.year for day in constants.holidays})
    content = {
        "source": f"chinesecalendar {version('chinesecalendar')} (MIT), from the yearly notices of the State Council",
        "years": years,
        "days_off": [f"{day}" for day in off],
        "make_up_days": [f"{day}" for day in worked],
    }
    FILE.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    print(f"{FILE}: {years[0]} to {years[-1]}, {len(off)} days off, {len(worked)} make-up days")


if __name__ == "__main__":
    main()
