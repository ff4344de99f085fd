"""A WebSocket server of Python's `websockets` that says back what it is told: one of the two known-good
servers that the conformance suite proves itself on. Prints its port; ends with its standard input."""

import asyncio
import http
import sys

import websockets


async def echo(connection):
    async for message in connection:
        await connection.send(message)


async def answer(path, _headers):
    if path == "/health":
        return http.HTTPStatus.OK, [], b"ok\n"
    if path != "/ws":
        return http.HTTPStatus.NOT_FOUND, [], b""
    return None


async def main():
    async with websockets.serve(
        echo, "127.0.0.1", 0, process_request=answer, max_size=65536, compression=None
    ) as server:
        print(server.sockets[0].getsockname()[1], flush=True)
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


asyncio.run(main())
