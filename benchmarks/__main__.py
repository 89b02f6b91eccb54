"""``make bench``: every benchmark, on a PostgreSQL database that DATABASE_URL names."""

from benchmarks import answers, http

http.main()
answers.main()
