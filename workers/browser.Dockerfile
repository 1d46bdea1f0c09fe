# The browser worker on AWS: a zip may hold 250 MB, and Chromium alone is larger. Chromium is the one that the pinned
# Playwright names, so its version changes with requirements/browser-image.txt and with nothing else.
FROM python:3.14.0-slim-trixie

ENV PLAYWRIGHT_BROWSERS_PATH=/opt/browsers PYTHONDONTWRITEBYTECODE=1
WORKDIR /var/task

COPY requirements/browser-image.txt /tmp/requirements.txt
RUN pip install --no-cache-dir --require-hashes --no-deps -r /tmp/requirements.txt \
    && playwright install --with-deps --only-shell chromium \
    && rm -rf /var/lib/apt/lists/* /tmp/requirements.txt

COPY studio studio
COPY workers workers

ENTRYPOINT ["python", "-m", "awslambdaric"]
CMD ["workers.browser.handler"]
