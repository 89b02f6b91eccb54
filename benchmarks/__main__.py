"""``make bench``: every benchmark, on a PostgreSQL database that DATABASE_URL names."""

from benchmarks import answers, http, summaries

http.main()
answers.main()
summaries.main()
