# Dunwell: the web app, a worker, or any other command of `dunwell`.
FROM python:3.11-slim AS build
WORKDIR /src
COPY pyproject.toml requirements.txt lock-build.in README.md LICENSE ./
COPY connectors connectors
COPY dunwell dunwell
COPY engine engine
COPY sandbox sandbox
COPY scheduler scheduler
COPY store store
COPY webapp webapp
# The lock names what the tests ran with, tools for developers among it: here it only says which versions.
RUN sed -nE '/^[A-Za-z0-9._-]+==/s/ *\\$//p' requirements.txt > versions.txt \
    && python -m venv /opt/dunwell \
    && /opt/dunwell/bin/pip install --no-cache-dir --constraint versions.txt '.[distributed]'

FROM python:3.11-slim
COPY --from=build /opt/dunwell /opt/dunwell
RUN useradd --system --create-home --home-dir /var/lib/dunwell dunwell
USER dunwell
ENV PATH=/opt/dunwell/bin:$PATH DUNWELL_DATA_DIR=/var/lib/dunwell
VOLUME /var/lib/dunwell
EXPOSE 8000
# SIGTERM ends runs between two steps; what is stopped goes on in the next process.
STOPSIGNAL SIGTERM
ENTRYPOINT ["dunwell"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8000"]
