# syntax=docker/dockerfile:1
# The service as an image: no shell is needed to run it, no root, and the root file system can be read-only.
#
#   docker build -t page-feedback .
#   docker run --read-only --cap-drop ALL -p 8000:8000 -v feedback-data:/data page-feedback

# Each step of its own keeps its layer in the build cache, and none of them reaches the final image.
# hadolint global ignore=DL3059

FROM python:3.11-slim-bookworm AS build
WORKDIR /src
COPY requirements/runtime.txt requirements/runtime.txt
RUN ["python", "-m", "venv", "/opt/feedback"]
RUN ["/opt/feedback/bin/python", "-m", "pip", "install", "--no-cache-dir", "--no-compile", "--require-hashes", "-r", "requirements/runtime.txt"]
COPY pyproject.toml README.md LICENSE schema.sql ./
COPY feedback feedback
COPY scrubbers scrubbers
RUN ["/opt/feedback/bin/python", "-m", "pip", "install", "--no-cache-dir", "--no-deps", "--no-build-isolation", "."]
# With a read-only root nothing could be compiled at start.
RUN ["/opt/feedback/bin/python", "-m", "compileall", "-q", "/opt/feedback/lib"]
RUN ["install", "-d", "-m", "0700", "-o", "10001", "-g", "10001", "/data"]

FROM python:3.11-slim-bookworm
LABEL org.opencontainers.image.title="Page Feedback" \
      org.opencontainers.image.licenses="MIT"
COPY --from=build /opt/feedback /opt/feedback
COPY --from=build --chown=10001:10001 /data /data
ENV PATH=/opt/feedback/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    FEEDBACK_DATABASE_URL=sqlite:////data/feedback.db
USER 10001:10001
WORKDIR /data
VOLUME ["/data"]
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=3s --start-period=20s --retries=3 \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/health/ready', timeout=2)"]
ENTRYPOINT ["feedback"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8000"]
