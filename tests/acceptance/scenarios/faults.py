"""The fault table through the real tool: hostile bytes, kubeconfigs and exec plugins. tests/faults has all of it; these
are the rows where the tool itself might suffer."""

import base64
import json
import os
import socket
import ssl
import subprocess
import threading
import time

from harness import JWKS, Skip, check, check_equal

from .registry import scenario

CANARY = "canary-body-2d7b60e1f9c3a854"
TOKEN = "canary-token-4f1e9c77d0a85b26"
CLOSE, CUT, RESET = "close", "cut", "reset"


class RawServer:
    """Answers each request on loopback with the bytes it was told, then ends the connection as told."""

    def __init__(self, folder):
        certificate, key = str(folder / "raw.crt"), str(folder / "raw.key")
        try:
            subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                            "-days", "2", "-subj", "/CN=raw", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key,
                            "-out", certificate], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        except FileNotFoundError:
            raise Skip("openssl is not installed") from None
        self.certificate = certificate
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(certificate, key)
        self.plain = None  # Bytes to say instead of a handshake.
        self.answer, self.end = b"", CLOSE
        self.seen = 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"https://127.0.0.1:{self.listener.getsockname()[1]}"
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def run(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            connection.settimeout(20)
            try:
                self.serve(connection)
            except OSError:
                pass
            connection.close()

    def serve(self, connection):
        if self.plain is not None:
            connection.recv(4096)
            connection.sendall(self.plain)
            return
        with self.context.wrap_socket(connection, server_side=True, suppress_ragged_eofs=True) as tls:
            request = b""
            while b"\r\n\r\n" not in request:
                more = tls.recv(4096)
                if not more:
                    return
                request += more
            self.seen += 1
            tls.sendall(self.answer)
            if self.end == RESET:
                tls.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            elif self.end == CLOSE:
                try:
                    tls.unwrap()
                except OSError:
                    pass

    def stop(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join(timeout=30)
        check(not self.thread.is_alive(), "the raw server does not end")


def answer(body, status="200 OK", headers=""):
    body = body.encode() if isinstance(body, str) else body
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{headers}\r\n".encode() + body


def good_keys(stage):
    cluster = stage.cluster("p256")
    stage.configure(f'config_path = "{cluster.path("kubeconfig")}"', JWKS)
    stage.apply()
    return json.dumps({"keys": json.loads(stage.outputs()["json"])["keys"]})


@scenario
def hostile_bytes(stage):
    """Each row: what the server sends, how it ends the connection, and what the one error says."""
    keys = good_keys(stage)
    server = RawServer(stage.folder)
    stage.canaries += [CANARY, TOKEN]
    stage.configure(f'host = "{server.url}"\ncluster_ca_certificate = file("{server.certificate}")\ntoken = "{TOKEN}"\n'
                    'max_retries = 0\nrequest_timeout = "5s"', JWKS)
    try:
        for sent, end, parts in [
            (b"", CLOSE, ["the server closed the connection without an answer"]),
            (b"", RESET, ["reset the connection"]),
            (b"HTTP/1.1 200 OK\r\nContent-Type: app", CLOSE, ["the answer was cut off after 0 bytes of body"]),
            (answer(keys + " " * 99)[:-50], CUT, ["the answer was cut off after"]),
            (b"HTTP/1.1 200 OK\r\n\r\n" + keys.encode(), CUT, ["the answer was cut off after"]),
            (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", CLOSE, ["cut off"]),
            (b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\nContent-Length: 8\r\n\r\n{}     ", CLOSE,
             ["two lengths that differ"]),
            (answer(keys, headers="Content-Encoding: gzip\r\n"), CLOSE, ["the body is compressed"]),
            (answer(b" " * (2 << 20)), CLOSE, ["larger than the 1048576 bytes"]),
            (answer(keys, headers="X: y\r\n" * 1000), CLOSE, ["more than 500 lines"]),
            (b"HTTP/1.1 100 Continue\r\n\r\n" * 30000, CLOSE, ["more than 500 lines"]),
            (f"SSH-2.0-{CANARY}\r\n".encode(), CLOSE, ["not HTTP/1.1 or HTTP/2"]),
            (answer(f"<html>{CANARY}</html>"), CLOSE, ["this is an HTML page"]),
            (answer('{"keys":' + "[" * 100000), CLOSE, ["nested deeper than 32 levels"]),
            (answer(f'{{"error":"{CANARY}\\u001b[31m"}}', "500 " + CANARY), CLOSE, ["answered with status 500"]),
            (answer("", "302 Found", f"Location: https://u:{CANARY}@evil.example/\x1b[2J\r\n"), CLOSE,
             ["answered with status 302", "which is not followed"]),
        ]:
            server.answer, server.end = sent, end
            stage.expect_refused(f"{server.url}/openid/v1/jwks", *parts)
        for plain, parts in [
            (b"", ["the connection was closed during the TLS handshake"]),
            (b"HTTP/1.1 400 Bad Request\r\n\r\n", ["does not speak TLS on this port"]),
            (b"\x15\x03\x03\x00\x02\x02\x28", ["the server ended the TLS handshake (alert 40)"]),
        ]:
            server.plain = plain
            stage.expect_refused(f"{server.url}/openid/v1/jwks", *parts)
        # The tool is as well as before.
        server.plain, server.answer, server.end = None, answer(keys), CLOSE
        check(stage.plan().code == 0, "the plan against the same keys is not empty")
    finally:
        server.stop()


@scenario
def hostile_kubeconfigs(stage):
    keys = good_keys(stage)
    check(keys, "no keys")
    stage.canaries += [CANARY, TOKEN]
    file = stage.folder / "hostile"
    bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"a{i}: &a{i} [{','.join([f'*a{i - 1}'] * 10)}]\n" for i in range(1, 10))
    for text, parts in [
        (",", ["hostile"]),
        ("{", ["hostile", "line "]),
        (bomb, ["counting each alias as what it stands for"]),
        ("x: &x [*x]\n", ["an alias to an anchor"]),
        ("x: " + "[" * 5000, ["more than 64 levels deep"]),
        ("x: " + "a" * (5 << 20), ["larger than 4 MiB"]),
        (f"token: {TOKEN}\ntoken: {TOKEN}\n", ['the key "token" is already there on line 1']),
        ("apiVersion: v1\nkind: Config\ncurrent-context: \"a\\e[31m\\nb\"\n", ['has no context "a\\x1b[31m\\nb"']),
    ]:
        file.write_text(text)
        stage.configure(f'config_path = "{file}"', JWKS)
        stage.expect_refused(*parts)
    for path, parts in [("/dev/zero", ["is not a regular file"]), (str(stage.folder), ["is a directory"])]:
        stage.configure(f'config_path = "{path}"', JWKS)
        stage.expect_refused(*parts)
    fifo = stage.folder / "fifo"
    os.mkfifo(fifo)
    stage.configure(f'config_path = "{fifo}"', JWKS)
    stage.expect_refused("is not a regular file")


@scenario
def hostile_exec_plugins(stage):
    """The lines that end Terraform when a child writes them to its standard error, and children that stay."""
    cluster = stage.cluster("p256")
    stage.configure(f'config_path = "{cluster.path("kubeconfig")}"', JWKS)
    stage.apply()
    stage.canaries += [CANARY, TOKEN]
    plugin = stage.folder / "plugin"
    authority = base64.b64encode(cluster.text("ca.pem").encode()).decode()
    kubeconfig = stage.folder / "exec"
    kubeconfig.write_text(json.dumps({
        "apiVersion": "v1", "kind": "Config", "current-context": "c",
        "clusters": [{"name": "c", "cluster": {"server": cluster.url, "certificate-authority-data": authority}}],
        "users": [{"name": "c", "user": {"exec": {"apiVersion": "client.authentication.k8s.io/v1",
                                                  "interactiveMode": "Never", "command": str(plugin)}}}],
        "contexts": [{"name": "c", "context": {"cluster": "c", "user": "c"}}]}))
    stage.configure(f'config_path = "{kubeconfig}"\nrequest_timeout = "3s"', JWKS)

    def script(text):
        plugin.write_text("#!/bin/sh\n" + text + "\n")
        plugin.chmod(0o755)

    for text, parts in [
        ("printf '{\"@message\": 1}\\n{\"@level\": 5}\\nfatal error: y\\n' >&2; exit 1",
         ["failed with exit code 1"]),
        ("printf '\\033[2J\\007\\r\\nError: forged\\n' >&2; exit 1", ["failed with exit code 1"]),
        (f"echo 'token: {CANARY}' >&2; exit 1", ["failed with exit code 1", "[redacted]"]),
        ("head -c 20000000 /dev/zero | tr '\\0' x >&2; exit 1", ["failed with exit code 1"]),
        ("exec cat /dev/zero", ["wrote more than 1 MiB"]),
        ("exit 0", ["it wrote nothing to its standard output"]),
        (f"echo '<html>{CANARY}</html>'", ["ran, but its answer is"]),
    ]:
        script(text)
        stage.expect_refused(str(plugin), *parts)
    # Only the provider block can set a timeout.
    script("trap '' TERM INT HUP; while :; do sleep 1; done")
    stage.configure(f'host = "{cluster.url}"\ncluster_ca_certificate = file("{cluster.path("ca.pem")}")\nexec {{\n'
                    f'  api_version = "client.authentication.k8s.io/v1"\n  interactive_mode = "Never"\n'
                    f'  command = "{plugin}"\n  timeout = "2s"\n}}', JWKS)
    stage.expect_refused(str(plugin), "did not end within its timeout of 2s and was killed")
    # A child that keeps everything open keeps nobody waiting.
    stage.configure(f'config_path = "{kubeconfig}"', JWKS)
    credential = json.dumps({"kind": "ExecCredential", "apiVersion": "client.authentication.k8s.io/v1",
                             "status": {"token": cluster.admin["token"]}})
    script(f"setsid sleep 15 &\ncat <<'END'\n{credential}\nEND")
    result = stage.plan(expect=0)
    check_equal(result.errors(), [], "errors")
    check(result.seconds < 14, f"the plan took {result.seconds} s")
    while stage.processes():
        time.sleep(0.2)
