"""The service record as a PDF that a person likes to read and a machine can check."""

from dispatch.records.drawing.document import DrawnRecord, draw_record

__all__ = ["DrawnRecord", "draw_record"]
