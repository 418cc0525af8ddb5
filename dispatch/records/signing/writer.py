"""What adds signatures to a drawn record, and nothing else."""

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter


class RecordWriter(IncrementalPdfFileWriter):
    """pyHanko's writer, leaving the metadata as they were drawn.

    It would write them anew with each signature: another producer in one place than in the other, and the
    declarations of PDF/A and PDF/UA in a form that simple readers of archives do not find.
    """

    def _update_meta(self) -> None:
        """Nothing: what the document says of itself was said when it was drawn."""
