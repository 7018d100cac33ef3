"""Many writes: one outcome for each record, the same keys after a crash, the ERP's own batching where it has one."""

from anyerp.connection.bulk.outcome import NotSent, RecordOutcome, Report

__all__ = ["NotSent", "RecordOutcome", "Report"]
