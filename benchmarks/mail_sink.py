"""A mail server that throws letters away: `python -m benchmarks.mail_sink thin|aiosmtpd` says its port."""

import asyncio
import sys

_END = b"\r\n.\r\n"


class Sink(asyncio.Protocol):
    """One conversation."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Greet."""
        assert isinstance(transport, asyncio.Transport)
        self._transport, self._held, self._letter = transport, bytearray(), False
        transport.write(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        """Answer each command; of a letter, its end."""
        start = max(0, len(self._held) - len(_END))
        self._held += data
        if self._letter:
            if self._held.find(_END, start) < 0:
                return
            self._held.clear()
            self._letter = False
            self._transport.write(b"250 taken\r\n")
            return
        while (end := self._held.find(b"\r\n")) >= 0:
            word = bytes(self._held[:4]).upper()
            del self._held[: end + 2]
            self._letter = word == b"DATA"
            answers = {b"DATA": b"354 go on\r\n", b"QUIT": b"221 bye\r\n"}
            self._transport.write(answers.get(word, b"250 fine\r\n"))


class Away:
    """What a real server, aiosmtpd, hands letters to."""

    async def handle_DATA(self, server: object, session: object, envelope: object) -> str:  # noqa: N802
        """Take it."""
        return "250 taken"


async def main() -> None:
    """Serve until killed."""
    if sys.argv[1:] == ["aiosmtpd"]:
        from aiosmtpd.smtp import SMTP

        def factory() -> asyncio.Protocol:
            made: asyncio.Protocol = SMTP(Away(), hostname="sink.example")
            return made

    else:
        factory = Sink
    server = await asyncio.get_running_loop().create_server(factory, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
