# One image for web, worker, beat and migrations; docker-compose.yml shows how they fit together.
FROM python:3.11-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /app
RUN python -m venv /opt/venv
COPY requirements.txt .
RUN /opt/venv/bin/pip install --require-hashes -r requirements.txt
COPY . .
# Static files are part of the image. The two values below exist in this step only and are no secrets.
RUN SECRET_KEY=unused AUDIT_KEY=unused DATA_DIR=/data /opt/venv/bin/python manage.py collectstatic --noinput

FROM python:3.11-slim
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin rehab \
    && install -d -o rehab -g rehab /data /schedule
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
COPY --from=build --chown=rehab /data /data
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DATA_DIR=/data
WORKDIR /app
USER rehab
EXPOSE 8000
# ALLOWED_HOSTS must include 127.0.0.1, which is what this asks for.
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/readyz', timeout=4)"]
CMD ["python", "-m", "granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--no-ws", "--workers", "2", \
     "--blocking-threads", "4", "--respawn-failed-workers", "--workers-kill-timeout", "8", "rehab.wsgi:application"]
