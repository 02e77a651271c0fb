"""API servers and proxies on loopback that write down who came to them and with what."""
import base64
import select
import socket
import ssl
import struct
import subprocess
import threading
import time

PATIENCE = 20  # Seconds; nothing here takes one, but the machine may be busy.
VERSION = b'{"major":"1","minor":"33","gitVersion":"v1.33.0","platform":"linux/amd64"}'
NOTED_HEADERS = ("authorization", "impersonate-", "proxy-authorization", "x-")


class Certificates:
    """Two authorities for servers, one for clients, and what they signed; files below `folder`."""

    SERVERS = {
        "a": ("one", "IP:127.0.0.1,IP:::1,DNS:localhost,DNS:a.test,DNS:*.wild.test"),
        "b": ("two", "IP:127.0.0.1,DNS:localhost,DNS:b.test"), "c": ("one", "DNS:c.internal"),
        "proxy": ("one", "IP:127.0.0.1")
    }
    CLIENTS = {
        "ec": ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"], "rsa": ["-newkey", "rsa:2048"],
        "ed": ["-newkey", "ed25519"]
    }

    def __init__(self, folder):
        self.folder = folder
        for name in ("one", "two", "clients"):
            self.openssl("req", "-x509", *self.CLIENTS["ec"], "-nodes", "-keyout", f"{name}.key", "-out", f"{name}.pem",
                         "-subj", f"/CN=authority {name}", "-days", "30", "-addext", "basicConstraints=critical,CA:TRUE",
                         "-addext", "keyUsage=critical,keyCertSign")
        for name, (authority, names) in self.SERVERS.items():
            self.sign(name, authority, self.CLIENTS["ec"], "/CN=server", "serverAuth", names)
        for name, key in self.CLIENTS.items():
            self.sign(f"client-{name}", "clients", key, f"/O=group/CN=certificate-{name}", "clientAuth", "DNS:client")
        self.openssl("ec", "-in", "client-ec.key", "-out", "client-sec1.key")
        self.openssl("rsa", "-in", "client-rsa.key", "-out", "client-pkcs1.key", "-traditional")
        self.texts = {
            "CA_ONE": self.read("one.pem"), "CA_TWO": self.read("two.pem"),
            "CA_BOTH": self.read("two.pem") + self.read("one.pem"),
            **{f"CERT_{name.upper()}": self.read(f"client-{name}.pem") for name in self.CLIENTS},
            **{f"KEY_{name.upper()}": self.read(f"client-{name}.key") for name in (*self.CLIENTS, "sec1", "pkcs1")}
        }

    def sign(self, name, authority, key, subject, usage, names):
        self.openssl("req", "-x509", *key, "-nodes", "-keyout", f"{name}.key", "-out", f"{name}.pem", "-subj", subject,
                     "-days", "30", "-CA", f"{authority}.pem", "-CAkey", f"{authority}.key", "-addext",
                     "basicConstraints=critical,CA:FALSE", "-addext", f"extendedKeyUsage={usage}", "-addext",
                     f"subjectAltName={names}")

    def openssl(self, *arguments):
        subprocess.run(["openssl", *arguments], cwd=self.folder, check=True, capture_output=True, timeout=60)

    def read(self, name):
        return (self.folder / name).read_text(encoding="ascii")


class Recorder:
    """What happened since clear(), and how many connections are still open."""
    def __init__(self):
        self.changed = threading.Condition()
        self.events = []
        self.open = 0

    def note(self, **event):
        with self.changed:
            self.events.append(event)

    def count(self, change):
        with self.changed:
            self.open += change
            self.changed.notify_all()

    def take(self):
        """The events, once all connections are closed; the client has gone, so this is soon."""
        with self.changed:
            self.changed.wait_for(lambda: self.open == 0, timeout=PATIENCE)
            events, self.events = self.events, []
            return events


class Server:
    """Accepts on a port of its own; `serve` handles one connection in a thread of its own."""
    def __init__(self, name, recorder, address="127.0.0.1"):
        self.name = name
        self.recorder = recorder
        self.socket = socket.create_server((address, 0),
                                           family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                                           backlog=64)
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            connection, _ = self.socket.accept()
            self.recorder.count(1)
            threading.Thread(target=self.handle, args=(connection, ), daemon=True).start()

    def handle(self, connection):
        try:
            connection.settimeout(PATIENCE)
            with connection:
                self.serve(connection)
        except OSError:
            pass  # Whoever came has gone.
        finally:
            self.recorder.count(-1)

    def serve(self, connection):
        raise NotImplementedError

    def note_request(self, head, **facts):
        lines = head.decode("latin-1").split("\r\n")
        headers = [line.split(":", 1) for line in lines[1:] if ":" in line]
        noted = sorted((name.lower(), value.strip()) for name, value in headers if name.lower().startswith(NOTED_HEADERS))
        self.recorder.note(kind="request",
                           server=self.name,
                           target=(lines[0].split(" ") + [""])[1],
                           headers=noted,
                           **facts)


def read_head(connection):
    head = b""
    while b"\r\n\r\n" not in head and len(head) < 65536:
        piece = connection.recv(65536)
        if not piece:
            return b""
        head += piece
    return head


def answer(connection, body=VERSION):
    connection.sendall(
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nCache-Control: no-store\r\nConnection: close\r\n"
        b"Content-Length: %d\r\n\r\n%s" % (len(body), body))


class PlainServer(Server):
    def serve(self, connection):
        head = read_head(connection)
        if head:
            self.note_request(head, sni=None, certificate=None)
            answer(connection)


def server_context(certificates, name, asks_for_certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates.folder / f"{name}.pem", certificates.folder / f"{name}.key")
    context.set_alpn_protocols(["http/1.1"])
    if asks_for_certificate:
        context.verify_mode = ssl.CERT_OPTIONAL
        context.load_verify_locations(certificates.folder / "clients.pem")
    return context


class TlsServer(Server):
    def __init__(self, name, recorder, certificates, address="127.0.0.1", certificate=None):
        self.context = server_context(certificates, certificate or name, True)
        self.asked_for = threading.local()
        self.context.sni_callback = lambda _socket, name, _context: setattr(self.asked_for, "name", name)
        super().__init__(name, recorder, address)

    def serve(self, connection):
        self.asked_for.name = None
        try:
            connection = self.context.wrap_socket(connection, server_side=True)
        except OSError as error:
            self.recorder.note(kind="refused", server=self.name, sni=self.asked_for.name, why=str(error))
            return
        with connection:
            subject = dict(part[0] for part in (connection.getpeercert() or {}).get("subject", ()))
            head = read_head(connection)
            if not head:
                self.recorder.note(kind="refused", server=self.name, sni=self.asked_for.name, why="no request")
                return
            self.note_request(head, sni=self.asked_for.name, certificate=subject.get("commonName"))
            answer(connection)


class Proxy(Server):
    """Brings bytes to loopback, whatever host was asked for."""
    def pipe(self, one, other):
        sockets = [one, other]
        while True:
            # What TLS has read ahead does not show in select().
            pending = [s for s in sockets if isinstance(s, ssl.SSLSocket) and s.pending()]
            for source in pending or select.select(sockets, [], [], PATIENCE)[0] or [None]:
                data = source.recv(65536) if source else b""
                if not data:
                    return
                (other if source is one else one).sendall(data)

    def connect(self, port):
        for address in ("127.0.0.1", "::1"):
            try:
                return socket.create_connection((address, port), timeout=PATIENCE)
            except OSError:
                continue
        return None


class HttpProxy(Proxy):
    def __init__(self, name, recorder, context=None):
        self.context = context
        super().__init__(name, recorder)

    def serve(self, connection):
        if self.context:
            try:
                connection = self.context.wrap_socket(connection, server_side=True)
            except OSError as error:
                self.recorder.note(kind="refused", server=self.name, sni=None, why=str(error))
                return
        with connection:
            head = read_head(connection)
            if not head:
                return
            self.note_request(head)
            method, target = (head.decode("latin-1").split(" ") + [""])[:2]
            authority = target if method == "CONNECT" else target.partition("://")[2].partition("/")[0]
            port = authority.rpartition(":")[2]
            upstream = self.connect(int(port)) if port.isdigit() else None
            if upstream is None:
                connection.sendall(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
                return
            with upstream:
                if method == "CONNECT":
                    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
                else:
                    upstream.sendall(head.replace(f"http://{authority}".encode(), b"", 1))
                self.pipe(connection, upstream)


class SocksProxy(Proxy):
    """SOCKS version 5 (RFC 1928), with a user name and password (RFC 1929) when the client offers them."""
    def exactly(self, connection, size):
        data = b""
        while len(data) < size:
            piece = connection.recv(size - len(data))
            if not piece:
                raise OSError("gone")
            data += piece
        return data

    def serve(self, connection):
        _, methods = self.exactly(connection, 2)
        method = 2 if 2 in self.exactly(connection, methods) else 0
        connection.sendall(bytes([5, method]))
        credential = []
        if method == 2:
            self.exactly(connection, 1)
            for _ in range(2):
                credential.append(self.exactly(connection, self.exactly(connection, 1)[0]).decode("latin-1"))
            connection.sendall(b"\x01\x00")
        _, _, _, kind = self.exactly(connection, 4)
        size = {1: 4, 4: 16}.get(kind) or self.exactly(connection, 1)[0]
        address = self.exactly(connection, size)
        host = address.decode("latin-1") if kind == 3 else socket.inet_ntop(
            socket.AF_INET if kind == 1 else socket.AF_INET6, address)
        port = struct.unpack("!H", self.exactly(connection, 2))[0]
        self.recorder.note(kind="request",
                           server=self.name,
                           target=f"{host}:{port}",
                           headers=[("socks", ":".join(credential))])
        upstream = self.connect(port)
        if upstream is None:
            connection.sendall(b"\x05\x05\x00\x01\x00\x00\x00\x00\x00\x00")
            return
        with upstream:
            connection.sendall(b"\x05\x00\x00\x01\x7f\x00\x00\x01\x00\x00")
            self.pipe(connection, upstream)


class Landscape:
    """All servers of one worker, and what a situation's text may ask of them in @NAME@."""
    def __init__(self, certificates):
        self.recorder = recorder = Recorder()
        self.servers = {
            "A": TlsServer("a", recorder, certificates),
            "B": TlsServer("b", recorder, certificates),
            "C": TlsServer("c", recorder, certificates),
            "A6": TlsServer("a6", recorder, certificates, address="::1", certificate="a"),
            "PLAIN": PlainServer("plain", recorder),
            "PROXY": HttpProxy("http proxy", recorder),
            "SOCKS": SocksProxy("socks proxy", recorder),
            "TLSPROXY": HttpProxy("https proxy", recorder, server_context(certificates, "proxy", False)),
        }
        self.words = {name: str(server.port) for name, server in self.servers.items()}
        for name, text in certificates.texts.items():
            self.words[f"PEM_{name}"] = text
            self.words[f"JSON_{name}"] = text.replace("\n", "\\n")
            self.words[name] = base64.b64encode(text.encode()).decode()
        self.ports = {str(server.port): name for name, server in self.servers.items()}

    def observe(self, run):
        """Runs one client, which must be gone when this returns. What it said, what was seen, seconds."""
        self.recorder.take()
        started = time.monotonic()
        said = run()
        return said, self.recorder.take(), time.monotonic() - started
