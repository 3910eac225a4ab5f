"""The store: everything that is kept, and the only room that knows SQL.

Opens SQLite or PostgreSQL, makes and migrates its own tables, and hands out data frames and plain nouns.
"""

from copilot.domain.shop import ShopSettings
from copilot.store.attributes import ColumnKind, attribute_kinds
from copilot.store.engine import Store, default_path, open_store
from copilot.store.forgetting import forget_customer
from copilot.store.hashing import hash_value, tidy_email
from copilot.store.lines import read_lines
from copilot.store.loading import Loading, loading
from copilot.store.names import names_among
from copilot.store.past_arms import ArmPropensity
from copilot.store.predictors import load_predictor, newest_predictor, predictor_metrics, save_predictor
from copilot.store.reading import (
    Span,
    count_rows,
    read_customer_chunks,
    read_customer_ids,
    read_customers,
    read_exposures,
    read_orders,
    read_products,
    read_sent,
    read_shop,
    read_spans,
)
from copilot.store.reports import find_report, find_run, find_strategy, list_reports, save_report

__all__ = [
    "ArmPropensity",
    "ColumnKind",
    "Loading",
    "ShopSettings",
    "Span",
    "Store",
    "attribute_kinds",
    "count_rows",
    "default_path",
    "find_report",
    "find_run",
    "find_strategy",
    "forget_customer",
    "hash_value",
    "list_reports",
    "load_predictor",
    "loading",
    "names_among",
    "newest_predictor",
    "open_store",
    "predictor_metrics",
    "read_customer_chunks",
    "read_customer_ids",
    "read_customers",
    "read_exposures",
    "read_lines",
    "read_orders",
    "read_products",
    "read_sent",
    "read_shop",
    "read_spans",
    "save_predictor",
    "save_report",
    "tidy_email",
]
