# What compose.yaml runs: the command `findings`, with the driver for PostgreSQL.
FROM python:3.11-slim
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
