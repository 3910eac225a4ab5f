"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_KEY = sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "copies",
        sa.Column("copy_id", _KEY, nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("copy_id"),
    )
    op.create_table(
        "customer_columns",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("slot", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "customers",
        sa.Column("customer_id", _KEY, nullable=False),
        sa.Column("signed_up_on", sa.BigInteger()),
        sa.Column("email_opt_in", sa.Integer()),
        sa.Column("sms_opt_in", sa.Integer()),
        sa.Column("push_opt_in", sa.Integer()),
        sa.Column("email", sa.Text()),
        sa.Column("phone", sa.Text()),
        sa.Column("name", sa.Text()),
        sa.PrimaryKeyConstraint("customer_id"),
    )
    op.create_table(
        "predictors",
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("trained_at", sa.BigInteger(), nullable=False),
        sa.Column("metrics", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("version"),
    )
    op.create_table(
        "products",
        sa.Column("product_id", _KEY, nullable=False),
        sa.Column("name", sa.Text()),
        sa.Column("category", sa.Text()),
        sa.Column("brand", sa.Text()),
        sa.Column("price", sa.Double()),
        sa.Column("unit_cost", sa.Double()),
        sa.Column("stock", sa.Double()),
        sa.Column("description", sa.Text()),
        sa.Column("lowest_price_30d", sa.Double()),
        sa.PrimaryKeyConstraint("product_id"),
    )
    op.create_table(
        "reports",
        sa.Column("report_id", sa.Text(), nullable=False),
        sa.Column("brief_id", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("predictor_version", sa.Text()),
        sa.Column("brief", sa.Text(), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.Column("extra", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("report_id"),
    )
    op.create_index("reports_by_brief", "reports", ["brief_id", "created_at"])
    op.create_index("reports_by_time", "reports", ["created_at"])
    op.create_table(
        "settings",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "exposures",
        sa.Column("exposure_id", _KEY, nullable=False),
        sa.Column("campaign_id", sa.Text(), nullable=False),
        sa.Column("customer_id", _KEY, nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("offer_type", sa.Text(), nullable=False),
        sa.Column("offer_value", sa.Double()),
        sa.Column("buy_quantity", sa.Double()),
        sa.Column("get_quantity", sa.Double()),
        sa.Column("min_spend", sa.Double()),
        sa.Column("max_discount", sa.Double()),
        sa.Column("valid_days", sa.Double()),
        sa.Column("category", sa.Text()),
        sa.Column("product_id", sa.Text()),
        sa.Column("outcome_scope", sa.Text(), nullable=False),
        sa.Column("arm_id", sa.Text()),
        sa.Column("copy_id", _KEY),
        sa.Column("propensity", sa.Double()),
        sa.Column("clicked", sa.Double()),
        sa.Column("converted", sa.Double()),
        sa.Column("revenue", sa.Double()),
        sa.Column("discount", sa.Double()),
        sa.Column("margin_amount", sa.Double()),
        sa.Column("returned_amount", sa.Double()),
        sa.Column("window_days", sa.Double()),
        sa.Column("delivered", sa.Double()),
        sa.ForeignKeyConstraint(["copy_id"], ["copies.copy_id"]),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.customer_id"]),
        sa.PrimaryKeyConstraint("exposure_id"),
    )
    op.create_index("exposures_by_customer", "exposures", ["customer_id"])
    op.create_table(
        "order_lines",
        sa.Column("order_id", _KEY, nullable=False),
        sa.Column("line_no", sa.Integer(), nullable=False),
        sa.Column("customer_id", _KEY, nullable=False),
        sa.Column("product_id", _KEY, nullable=False),
        sa.Column("ordered_at", sa.BigInteger(), nullable=False),
        sa.Column("quantity", sa.Double(), nullable=False),
        sa.Column("unit_price", sa.Double(), nullable=False),
        sa.Column("discount", sa.Double()),
        sa.Column("exposure_id", _KEY),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.customer_id"]),
        sa.PrimaryKeyConstraint("order_id", "line_no"),
        sqlite_with_rowid=False,
    )
    op.create_index("order_lines_by_customer", "order_lines", ["customer_id"])
    op.create_table(
        "predictor_parts",
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["version"], ["predictors.version"]),
        sa.PrimaryKeyConstraint("version", "name"),
    )
    op.create_table(
        "strategies",
        sa.Column("strategy_id", sa.Text(), nullable=False),
        sa.Column("report_id", sa.Text(), nullable=False),
        sa.Column("brief_id", sa.Text(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Text()),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("draft", sa.Text(), nullable=False),
        sa.Column("forecast", sa.Text(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("checks", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["report_id"], ["reports.report_id"]),
        sa.PrimaryKeyConstraint("strategy_id"),
    )
    op.create_index("strategies_by_report", "strategies", ["report_id"])


def downgrade() -> None:
    op.drop_index("strategies_by_report", table_name="strategies")
    op.drop_table("strategies")
    op.drop_table("predictor_parts")
    op.drop_index("order_lines_by_customer", table_name="order_lines")
    op.drop_table("order_lines")
    op.drop_index("exposures_by_customer", table_name="exposures")
    op.drop_table("exposures")
    op.drop_table("settings")
    op.drop_index("reports_by_time", table_name="reports")
    op.drop_index("reports_by_brief", table_name="reports")
    op.drop_table("reports")
    op.drop_table("products")
    op.drop_table("predictors")
    op.drop_table("customers")
    op.drop_table("customer_columns")
    op.drop_table("copies")
