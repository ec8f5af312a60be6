# What compose.yaml runs: the command `findings`, with the driver for PostgreSQL.
FROM python:3.11-slim-trixie
# For `findings backup`: programs of no older version than the server of compose.yaml; Debian 13 has 17.
RUN apt-get update && apt-get install --yes --no-install-recommends postgresql-client \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY requirements requirements
# The lock is complete, hence --no-deps; requirements/README.md says why it must be so.
RUN pip install --no-cache-dir --no-deps --require-hashes -r requirements/runtime.txt \
    && pip install --no-cache-dir 'psycopg[binary]>=3.3'
COPY . .
RUN pip install --no-cache-dir --no-deps --no-build-isolation . \
    && useradd --create-home findings && mkdir /data && chown findings /data
WORKDIR /data
USER findings
VOLUME /data
CMD ["findings", "serve"]
