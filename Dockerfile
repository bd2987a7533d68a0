# The forum in a container: `docker build -t forum .`, or compose.yaml for all that belongs to it.
FROM python:3.11-slim AS build
WORKDIR /build
COPY requirements.lock pyproject.toml ./
# All that the lock names is fetched, each file checked by its hash; what serves is then installed from these files
# alone. The rest, for tests, stays behind with this stage, and so does pip.
RUN pip download --quiet --no-cache-dir --no-deps --only-binary :all: --require-hashes -r requirements.lock -d wheels \
 && python -c "import tomllib; p = tomllib.load(open('pyproject.toml', 'rb'))['project']; print(*p['dependencies'], *p['optional-dependencies']['scale'], sep='\n')" > serving.txt \
 && python -m venv --without-pip /venv \
 && pip --python /venv/bin/python install --quiet --no-cache-dir --no-index --find-links wheels -r serving.txt
COPY forum /app/forum
COPY templates /app/templates
COPY static /app/static
COPY migrations /app/migrations
# Compiled once: a start is seconds faster, and the files belong to root, whom the forum does not run as.
RUN python -c "import pathlib; next(pathlib.Path('/venv').glob('lib/python3*/site-packages/')).joinpath('forum.pth').write_text('/app\n')" \
 && /venv/bin/python -m compileall -qq -j0 /venv/lib /app

FROM python:3.11-slim
RUN useradd --system --uid 10001 --home-dir /app forum && install -d -o forum -g forum -m 750 /data
COPY --from=build /venv /venv
COPY --from=build /app /app
ENV FORUM_DATA_DIR=/data FORUM_LOG=json PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
WORKDIR /app
USER forum
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=5s --timeout=3s --start-period=30s --retries=3 \
    CMD ["/venv/bin/python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=2)"]
# Not through a shell: the signal that ends the container must arrive.
ENTRYPOINT ["/venv/bin/python", "-m", "forum"]
CMD ["serve", "--host", "0.0.0.0"]
