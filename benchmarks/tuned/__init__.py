"""The floor of a trend: a cached token, raw SQL and orjson, and nothing else."""
