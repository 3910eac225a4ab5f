"""The tables, once, in the form that queries use. The migrations make them; a test holds the two together.

Times are microseconds since 1970 in UTC: one integer, the same in every database, and a million of them
become a datetime column without parsing. Customer attributes are columns `a1`, `a2`, ... that ingest adds to
`customers`; `customer_columns` says which attribute lives where.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
)
from sqlalchemy.dialects import postgresql

__all__ = [
    "Key",
    "copies",
    "customer_columns",
    "customers",
    "exposures",
    "metadata",
    "order_lines",
    "predictor_parts",
    "predictors",
    "products",
    "records",
    "reports",
    "settings",
    "strategies",
]

metadata = MetaData()

# Keys compare byte by byte, so that both databases sort and match them alike.
Key = Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")

settings = Table(
    "settings",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

customers = Table(
    "customers",
    metadata,
    Column("customer_id", Key, primary_key=True),
    Column("signed_up_on", BigInteger),
    Column("email_opt_in", Integer),
    Column("sms_opt_in", Integer),
    Column("push_opt_in", Integer),
    Column("email", Text),
    Column("phone", Text),
    Column("name", Text),
)

customer_columns = Table(
    "customer_columns",
    metadata,
    Column("name", Text, primary_key=True),
    Column("slot", Text, nullable=False),
    Column("kind", Text, nullable=False),  # known, number or category
    Column("position", Integer, nullable=False),
)

products = Table(
    "products",
    metadata,
    Column("product_id", Key, primary_key=True),
    Column("name", Text),
    Column("category", Text),
    Column("brand", Text),
    Column("price", Double),
    Column("unit_cost", Double),
    Column("stock", Double),
    Column("description", Text),
    Column("lowest_price_30d", Double),
)

order_lines = Table(
    "order_lines",
    metadata,
    Column("order_id", Key, primary_key=True),
    Column("line_no", Integer, primary_key=True),
    Column("customer_id", Key, ForeignKey("customers.customer_id"), nullable=False),
    Column("product_id", Key, nullable=False),
    Column("ordered_at", BigInteger, nullable=False),
    Column("quantity", Double, nullable=False),
    Column("unit_price", Double, nullable=False),
    Column("discount", Double),
    Column("exposure_id", Key),
    Index("order_lines_by_customer", "customer_id"),
    sqlite_with_rowid=False,
)

# The copy of a campaign is the same text for thousands of exposures: kept once.
copies = Table(
    "copies",
    metadata,
    Column("copy_id", Key, primary_key=True),
    Column("subject", Text, nullable=False),
    Column("body", Text, nullable=False),
)

exposures = Table(
    "exposures",
    metadata,
    Column("exposure_id", Key, primary_key=True),
    Column("campaign_id", Text, nullable=False),
    Column("customer_id", Key, ForeignKey("customers.customer_id"), nullable=False),
    Column("sent_at", BigInteger, nullable=False),
    Column("channel", Text, nullable=False),
    Column("offer_type", Text, nullable=False),
    Column("offer_value", Double),
    Column("buy_quantity", Double),
    Column("get_quantity", Double),
    Column("min_spend", Double),
    Column("max_discount", Double),
    Column("valid_days", Double),
    Column("category", Text),
    Column("product_id", Text),
    Column("outcome_scope", Text, nullable=False),
    Column("arm_id", Text),
    Column("copy_id", Key, ForeignKey("copies.copy_id")),
    Column("propensity", Double),
    Column("clicked", Double),
    Column("converted", Double),
    Column("revenue", Double),
    Column("discount", Double),
    Column("margin_amount", Double),
    Column("returned_amount", Double),
    Column("window_days", Double),
    Column("delivered", Double),
    Index("exposures_by_customer", "customer_id"),
)

predictors = Table(
    "predictors",
    metadata,
    Column("version", Text, primary_key=True),
    Column("trained_at", BigInteger, nullable=False),
    Column("metrics", Text, nullable=False),
)

predictor_parts = Table(
    "predictor_parts",
    metadata,
    Column("version", Text, ForeignKey("predictors.version"), primary_key=True),
    Column("name", Text, primary_key=True),
    Column("content", LargeBinary, nullable=False),
)

reports = Table(
    "reports",
    metadata,
    Column("report_id", Text, primary_key=True),
    Column("brief_id", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("predictor_version", Text),
    Column("brief", Text, nullable=False),
    Column("report", Text, nullable=False),
    Column("extra", Text, nullable=False),
    Index("reports_by_brief", "brief_id", "created_at"),
    Index("reports_by_time", "created_at"),
)

# What was said and answered while a report was made: large, and read by `copilot explain` alone.
records = Table(
    "records",
    metadata,
    Column("report_id", Text, ForeignKey("reports.report_id"), primary_key=True),
    Column("record", Text, nullable=False),
)

strategies = Table(
    "strategies",
    metadata,
    Column("strategy_id", Text, primary_key=True),
    Column("report_id", Text, ForeignKey("reports.report_id"), nullable=False),
    Column("brief_id", Text, nullable=False),
    Column("rank", Integer, nullable=False),
    Column("as_of", Text),
    Column("author", Text, nullable=False),
    Column("draft", Text, nullable=False),
    Column("forecast", Text, nullable=False),
    Column("reasons", Text, nullable=False),
    Column("checks", Text, nullable=False),
    Index("strategies_by_report", "report_id"),
)
