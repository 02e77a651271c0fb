"""Proxies on loopback that note what passes through them: CONNECT over HTTP, and SOCKS5 by name, as Go asks it."""

import base64
import contextlib
import socket
import struct
import threading


class Proxy:
    """Serves until stop(). `seen` holds one (target, user or None) for each connection it made."""

    def __init__(self, credential=None):
        self.credential = credential  # (user, password), which is then asked for
        self.seen = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = "127.0.0.1:%d" % self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def stop(self):
        self.listener.close()

    def _accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client):
        with client, contextlib.suppress(OSError):
            client.settimeout(60)
            target, user, ready = self.greet(client)
            if target is None:
                return
            self.seen.append((target, user))
            host, _, port = target.rpartition(":")
            # Every name is this machine: a proxy looks names up by itself.
            address = host.strip("[]") if host[-1] in "]0123456789" else "127.0.0.1"
            with socket.create_connection((address, int(port))) as server:
                client.sendall(ready)
                back = threading.Thread(target=_pump, args=(server, client), daemon=True)
                back.start()
                _pump(client, server)
                back.join()

    def greet(self, client):
        raise NotImplementedError


class HttpProxy(Proxy):
    def greet(self, client):
        head = b""
        while b"\r\n\r\n" not in head and len(head) < 65536:
            more = client.recv(4096)
            if not more:
                return None, None, b""
            head += more
        lines = head.decode("latin-1").split("\r\n")
        method, target, _ = lines[0].split(" ")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:] if line)}
        shown = headers.get("proxy-authorization")
        if self.credential is not None:
            wanted = "Basic " + base64.b64encode(":".join(self.credential).encode()).decode()
            if shown != wanted:
                client.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\n"
                               b"Content-Length: 0\r\nConnection: close\r\n\r\n")
                return None, None, b""
        extra = set(headers) - {"host", "user-agent", "proxy-authorization", "proxy-connection"}
        if method != "CONNECT" or extra:
            client.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            self.seen.append((f"{method} with {sorted(extra)}", None))
            return None, None, b""
        return target, self.credential and self.credential[0], b"HTTP/1.1 200 Connection established\r\n\r\n"


class SocksProxy(Proxy):
    def greet(self, client):
        count = _exactly(client, 2)[1]
        methods = _exactly(client, count)
        user = None
        if self.credential is None:
            client.sendall(b"\x05\x00")
        elif 2 not in methods:
            client.sendall(b"\x05\xff")
            return None, None, b""
        else:
            client.sendall(b"\x05\x02")
            user = _exactly(client, _exactly(client, 2)[1]).decode()
            password = _exactly(client, _exactly(client, 1)[0]).decode()
            good = (user, password) == self.credential
            client.sendall(b"\x01\x00" if good else b"\x01\x01")
            if not good:
                return None, None, b""
        _, command, _, kind = _exactly(client, 4)
        if kind == 1:
            host = socket.inet_ntoa(_exactly(client, 4))
        elif kind == 4:
            host = "[%s]" % socket.inet_ntop(socket.AF_INET6, _exactly(client, 16))
        else:
            host = _exactly(client, _exactly(client, 1)[0]).decode()
        port = struct.unpack(">H", _exactly(client, 2))[0]
        ready = b"\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00"
        return (f"{host}:{port}" if command == 1 else None), user, ready


def _exactly(source, count):
    data = b""
    while len(data) < count:
        more = source.recv(count - len(data))
        if not more:
            raise ConnectionError("the client has gone")
        data += more
    return data


def _pump(source, target):
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)
