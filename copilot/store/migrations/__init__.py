"""Alembic migrations, shipped with the package so that a store migrates itself when it is opened."""
