"""Statements that only tests have a use for."""

from sqlalchemy import text

# It takes a while on either database, so that something else can happen meanwhile.
LONG = text("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000000) SELECT max(i) FROM n")
