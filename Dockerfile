# The program without its sandbox and tests. Build with --build-arg ECHOPILOT_COMMIT="$(git rev-parse --short=12 HEAD)".
ARG BASE=python:3.11-slim
FROM ${BASE} AS packages
# Wheels bring symbols that only a debugger reads, 46 MB of them.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends binutils \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /build
COPY requirements.txt .
RUN python -m venv /packages \
    && /packages/bin/pip install --no-cache-dir --no-compile --disable-pip-version-check --require-hashes -r requirements.txt \
    && /packages/bin/pip uninstall --yes --quiet setuptools pip \
    && find /packages -name '*.so*' -type f -exec strip --strip-unneeded {} + \
    && find /packages -name __pycache__ -prune -exec rm -r {} +

FROM packages AS compiled
WORKDIR /app
COPY bot bot
COPY handlers handlers
COPY jobs jobs
COPY web web
COPY storage storage
# Of the packages only what the program imports is compiled, and every import is tried on what was stripped. Alembic alone
# can run its env.py.
RUN /packages/bin/python -m compileall -q . \
    && /packages/bin/python -c "import importlib, pkgutil; [importlib.import_module(m.name) for m in pkgutil.walk_packages(['.']) if m.name != 'storage.migrations.env']"

FROM ${BASE} AS postgresql
# pg_dump refuses a server newer than itself. Debian starts it by Perl, 50 MB of it, which EchoPilot does not need.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends postgresql-client \
    && rm -rf /var/lib/apt/lists/* \
    && mkdir /tools \
    && cp --parents /usr/lib/postgresql/*/bin/pg_dump /usr/lib/postgresql/*/bin/pg_restore /tools

FROM ${BASE}
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libpq5 \
    && rm -rf /var/lib/apt/lists/*
COPY --from=postgresql /tools/usr/lib/postgresql /usr/lib/postgresql
RUN for program in /usr/lib/postgresql/*/bin/*; do "$program" --version || exit 1; done
RUN groupadd --system --gid 10001 echopilot \
    && useradd --system --uid 10001 --gid 10001 --home-dir /nonexistent --shell /usr/sbin/nologin echopilot \
    && install --directory --owner=echopilot --group=echopilot /data
COPY --from=compiled /packages /packages
COPY --from=compiled /app /app
WORKDIR /app

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
