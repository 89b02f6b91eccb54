"""``make bench``: every benchmark, on a PostgreSQL database that DATABASE_URL names."""

from benchmarks import http

http.main()
