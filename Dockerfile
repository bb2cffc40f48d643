# The bot alone. Its settings come from the environment; see compose.yml and README.md.
FROM python:3.11-slim

RUN useradd --create-home --uid 10001 bot
WORKDIR /app

COPY requirements.lock ./
RUN pip install --no-cache-dir --disable-pip-version-check --require-hashes --only-binary :all: \
    -r requirements.lock

COPY manifest.yml ./
COPY bot ./bot
COPY handlers ./handlers
COPY storage ./storage

USER bot
ENV PYTHONUNBUFFERED=1 CG_HOST=0.0.0.0 PORT=8080
EXPOSE 8080
# SIGTERM ends it in order within 30 seconds.
STOPSIGNAL SIGTERM
CMD ["python", "-m", "bot", "run"]
