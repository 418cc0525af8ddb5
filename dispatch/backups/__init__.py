"""Backups that restore: database, objects and keys in one file, each part with its SHA-256, for either engine."""

from dispatch.backups.making import Made, make_backup
from dispatch.backups.restoring import BackupRefused, Restored, restore_backup

__all__ = ["BackupRefused", "Made", "Restored", "make_backup", "restore_backup"]
