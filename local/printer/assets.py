"""The merchant's files: fetched from this machine alone, and checked as a printer checks them."""

import asyncio
import hashlib
import mmap
import re
import zlib
from collections.abc import Iterator
from tempfile import TemporaryFile
from typing import IO

from aiohttp import ClientError, ClientResponse, ClientSession

from local.printer.requests import Line, is_here

LARGEST = 1_000_000_000
CHUNK = 1 << 20
HTTP_OK = 200
_PDF, _JPEG, _PNG = b"%PDF-", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"
_PAGE = re.compile(rb"/Type\s*/Page(?![A-Za-z])")
_PACKED = re.compile(rb"/Type\s*/ObjStm.*?stream\r?\n", re.DOTALL)
_LONGEST_PACKED = 64 << 20


class BadFileError(Exception):
    """A file that cannot be had, or is not the one that was ordered. `passing` may mend itself."""

    def __init__(self, why: str, *, passing: bool = False) -> None:
        super().__init__(why)
        self.passing = passing


async def check(client: ClientSession, line: Line) -> None:
    """Fetch a line's file and compare its MD5 and its pages. Raises BadFileError."""
    if not is_here(line.url):
        raise BadFileError("it is not on this machine")
    with TemporaryFile() as file:
        try:
            async with client.get(line.url, allow_redirects=False) as response:
                md5 = await _saved(response, file)
        except (ClientError, TimeoutError, ValueError) as error:
            raise BadFileError(type(error).__name__, passing=True) from error
        if line.md5 is not None and md5 != line.md5.lower():
            raise BadFileError("its MD5 is another one")
        await asyncio.to_thread(_check_pages, file, line)


async def _saved(response: ClientResponse, file: IO[bytes]) -> str:
    if response.status != HTTP_OK:
        raise BadFileError(f"HTTP {response.status}", passing=True)
    md5 = hashlib.md5(usedforsecurity=False)
    async for chunk in response.content.iter_chunked(CHUNK):
        md5.update(chunk)
        file.write(chunk)
        if file.tell() > LARGEST:
            raise BadFileError("it is too large")
    file.flush()
    return md5.hexdigest()


def _check_pages(file: IO[bytes], line: Line) -> None:
    pages = count_pages(file)
    if pages == 0:
        raise BadFileError("it is neither a PDF nor a picture")
    wanted = line.pages if line.product.pages else 1
    if pages != wanted:
        raise BadFileError(f"it has {pages} pages and not {wanted}")


def count_pages(file: IO[bytes]) -> int:
    """Count the pages of a PDF, also of those in object streams; a picture is one, anything else none."""
    if not file.tell():
        return 0
    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        if data[: len(_JPEG)] == _JPEG or data[: len(_PNG)] == _PNG:
            return 1
        if data[: len(_PDF)] != _PDF:
            return 0
        packed = sum(len(_PAGE.findall(text)) for text in _unpacked(data))
        return packed + sum(1 for _ in _PAGE.finditer(data))


def _unpacked(data: mmap.mmap) -> Iterator[bytes]:
    for found in _PACKED.finditer(data):
        packed = data[found.end() : data.find(b"endstream", found.end())]
        try:
            yield zlib.decompressobj().decompress(packed, _LONGEST_PACKED)
        except zlib.error:
            continue
