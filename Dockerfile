# The program without its sandbox and tests. Build with --build-arg ECHOPILOT_COMMIT="$(git rev-parse --short=12 HEAD)".
FROM python:3.11-slim AS packages
WORKDIR /build
COPY requirements.txt .
RUN python -m venv /packages \
    && /packages/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.txt

FROM python:3.11-slim
RUN groupadd --system --gid 10001 echopilot \
    && useradd --system --uid 10001 --gid 10001 --home-dir /nonexistent --shell /usr/sbin/nologin echopilot \
    && install --directory --owner=echopilot --group=echopilot /data
COPY --from=packages /packages /packages
WORKDIR /app
COPY bot bot
COPY handlers handlers
COPY jobs jobs
COPY web web
COPY storage storage

ARG ECHOPILOT_COMMIT=""
ENV ECHOPILOT_COMMIT=${ECHOPILOT_COMMIT} \
    PATH=/packages/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    DATABASE_URL=sqlite:////data/echopilot.db \
    WEB_HOST=0.0.0.0 \
    WEB_PORT=8080
USER 10001:10001
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen(f'http://127.0.0.1:{os.environ[\"WEB_PORT\"]}/readyz', timeout=4)"]
ENTRYPOINT ["python", "-m", "bot"]
CMD ["run"]
