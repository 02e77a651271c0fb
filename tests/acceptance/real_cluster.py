"""A real kube-apiserver with a real etcd, as tools/get-cluster.sh builds them, for one scenario.

Nothing else of a cluster runs: discovery, keys, RBAC, service accounts and TokenRequest need no more. Every file is in
the cluster's own folder, every port on loopback, and the processes die with the one that started them.
"""

import base64
import hashlib
import http.client
import itertools
import json
import os
import pathlib
import random
import secrets
import select
import shlex
import socket
import socketserver
import ssl
import subprocess
import threading
import time

PROGRAMS = ("kube-apiserver", "etcd", "kubectl")
START_SECONDS = 120  # It takes four when the machine is idle.
ISSUER = "https://kubernetes.default.svc.cluster.local"
OPENSSL_CONFIGURATION = "[req]\ndistinguished_name = name\n[name]\n"
AUDIT_POLICY = """apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules:
- level: Metadata
  nonResourceURLs: [/openid/v1/jwks, /.well-known/openid-configuration]
- level: None
"""


def missing_programs(folder):
    """Those of the programs that are not in `folder`."""
    return [name for name in PROGRAMS if not os.access(pathlib.Path(folder) / name, os.X_OK)]


def call(*command, **keywords):
    """Runs a program and returns its stdout as bytes; what it says when it fails is in the error."""
    ended = subprocess.run(command, capture_output=True, check=False, timeout=60, **keywords)
    if ended.returncode != 0:
        line = shlex.join(map(str, command))
        raise AssertionError(f"$ {line}\nexit code {ended.returncode}\n{ended.stderr.decode()}")
    return ended.stdout


def free_port():
    """Below those that the kernel hands out, so that nobody is given it before it is in use."""
    while True:
        port = random.randrange(20000, 32000)
        with socket.socket() as one:
            try:
                one.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue


def accepts_connections(port):
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
        return True
    except OSError:
        return False


class Daemon:
    """A process whose output goes into a file."""

    def __init__(self, log, command, **environment):
        self.log = pathlib.Path(log)
        self.name = pathlib.Path(command[0]).name
        with open(self.log, "wb") as output:
            # The kernel ends it when this process is killed. HOME: it shall not read or write the user's files.
            self.process = subprocess.Popen(
                ["setpriv", "--pdeathsig", "KILL", *command], stdin=subprocess.DEVNULL, stdout=output,
                stderr=subprocess.STDOUT, cwd=self.log.parent,
                env={"PATH": "/usr/bin:/bin", "HOME": str(self.log.parent), "LANG": "C.UTF-8", **environment})

    def wait_until(self, is_ready, what):
        deadline = time.monotonic() + START_SECONDS
        while not is_ready():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise AssertionError(f"{self.name} is not {what} (exit code {self.process.returncode})\n{self.tail()}")
            time.sleep(0.1)

    def tail(self):
        """The end of what it has said."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-30:])

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self):
        self.process.kill()
        self.process.wait()


class ApiServer(Daemon):
    """One kube-apiserver of a RealCluster."""

    def __init__(self, cluster, number, keys, issuer, anonymous, port):
        self.cluster = cluster
        self.keys = list(keys)
        self.port = port or free_port()
        self.url = f"https://127.0.0.1:{self.port}"
        self.audit_log = cluster.folder / f"audit{number}.log"
        self.seen = 0
        flags = {
            "etcd-servers": cluster.etcd_url,
            "secure-port": self.port,
            "bind-address": "127.0.0.1",
            "advertise-address": "127.0.0.1",
            "endpoint-reconciler-type": "none",
            "cert-dir": cluster.folder,
            "tls-cert-file": cluster.folder / "server.crt",
            "tls-private-key-file": cluster.folder / "server.key",
            "client-ca-file": cluster.folder / "client-ca.crt",
            "token-auth-file": cluster.folder / "tokens.csv",
            "authorization-mode": "RBAC",
            "anonymous-auth": str(anonymous).lower(),
            "service-account-issuer": issuer,
            "service-account-signing-key-file": cluster.key(self.keys[0]),
            "api-audiences": ISSUER,
            "service-cluster-ip-range": "10.0.0.0/24",
            "audit-policy-file": cluster.folder / "audit-policy.yaml",
            "audit-log-path": self.audit_log,
            "audit-log-mode": "blocking",
        }
        command = [str(cluster.binaries / "kube-apiserver"), *(f"--{name}={value}" for name, value in flags.items()),
                   *(f"--service-account-key-file={cluster.public_key(key)}" for key in self.keys)]
        # The log then tells of every HTTP/2 connection.
        super().__init__(cluster.folder / f"apiserver{number}.log", command, GODEBUG="http2debug=1")
        self.wait_until(self.is_ready, "ready")

    def get(self, path, token=None):
        """The status and the body of one GET, by a client that has nothing to do with Go or with ours."""
        trust = ssl.create_default_context(cafile=self.cluster.folder / "ca.crt")
        connection = http.client.HTTPSConnection("127.0.0.1", self.port, context=trust, timeout=20)
        try:
            connection.request("GET", path, headers={"Authorization": f"Bearer {token}"} if token else {})
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def is_ready(self):
        try:
            return self.get("/readyz", self.cluster.tokens["admin"])[0] == 200
        except (OSError, http.client.HTTPException):
            return False

    def requests(self):
        """What was asked for since the last call, from the audit log: dictionaries as Kubernetes writes them."""
        # The last piece is empty, or a line that is still being written.
        lines = self.audit_log.read_text().split("\n")[:-1] if self.audit_log.exists() else []
        new, self.seen = lines[self.seen:], len(lines)
        return [json.loads(line) for line in new]

    def http2_connections(self):
        return self.log.read_text(errors="replace").count("http2: server connection from")


class RealCluster:
    """etcd and any number of API servers.

    Users: `admin` may do everything, `plain` and `deputy` may do nothing; each has a token. "chief", by client
    certificate, may do everything as well.
    """

    def __init__(self, binaries, folder):
        self.binaries = pathlib.Path(binaries)
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True)
        self.servers = []
        self.started = 0
        self.tokens = {name: f"{name}-{secrets.token_hex(16)}" for name in ("admin", "plain", "deputy")}
        self.more_secrets = []
        self._write_files()
        ports = free_port(), free_port()
        self.etcd_url, peer = (f"http://127.0.0.1:{port}" for port in ports)
        self.etcd = Daemon(self.folder / "etcd.log", [
            str(self.binaries / "etcd"), "--name=one", f"--data-dir={self.folder / 'etcd'}", "--unsafe-no-fsync",
            f"--listen-client-urls={self.etcd_url}", f"--advertise-client-urls={self.etcd_url}",
            f"--listen-peer-urls={peer}", f"--initial-advertise-peer-urls={peer}", f"--initial-cluster=one={peer}",
            "--log-level=warn"])
        self.etcd.wait_until(lambda: accepts_connections(ports[0]), "ready")

    def start(self, keys=("rsa-a",), issuer=ISSUER, anonymous=True, instead_of=None):
        """One more API server, which signs with the first of `keys` and publishes all of them, in this order.

        `instead_of`: one that is stopped first, and whose port is taken over.
        """
        if instead_of:
            instead_of.stop()
            self.servers.remove(instead_of)
        self.started += 1
        server = ApiServer(self, self.started, keys, issuer, anonymous, instead_of and instead_of.port)
        self.servers.append(server)
        return server

    # ---- files ----

    def _write_files(self):
        (self.folder / "openssl.cnf").write_text(OPENSSL_CONFIGURATION)
        (self.folder / "audit-policy.yaml").write_text(AUDIT_POLICY)
        for name in ("ca", "client-ca"):
            self._certificate(name, f"/CN={name} of a test", "basicConstraints=critical,CA:TRUE")
        self._certificate("server", "/CN=kube-apiserver", "subjectAltName=IP:127.0.0.1,DNS:localhost", issuer="ca")
        self._certificate("admin", "/O=system:masters/CN=chief", "extendedKeyUsage=clientAuth", issuer="client-ca")
        groups = {"admin": ',"system:masters"'}
        (self.folder / "tokens.csv").write_text(
            "".join(f"{token},{name},{name}{groups.get(name, '')}\n" for name, token in self.tokens.items()))

    def _certificate(self, name, subject, extension, issuer=None):
        command = ["openssl", "req", "-x509", "-config", self.folder / "openssl.cnf", "-newkey", "ec", "-pkeyopt",
                   "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", subject, "-addext", extension,
                   "-keyout", self.folder / f"{name}.key", "-out", self.folder / f"{name}.crt"]
        if issuer:
            command += ["-CA", self.folder / f"{issuer}.crt", "-CAkey", self.folder / f"{issuer}.key"]
        call(*command)

    def key(self, name):
        """The file of a signing key, made when it is first asked for. "rsa-x", "p256-x" and the like, any x."""
        file = self.folder / f"sign-{name}.key"
        if not file.exists():
            kind = name.partition("-")[0]
            how = ["RSA", "-pkeyopt", "rsa_keygen_bits:2048"]
            if kind != "rsa":
                how = ["EC", "-pkeyopt", f"ec_paramgen_curve:{kind.upper().replace('P', 'P-')}"]
            call("openssl", "genpkey", "-algorithm", *how, "-out", file)
            call("openssl", "pkey", "-in", file, "-pubout", "-out", file.with_suffix(".pub"))
        return file

    def public_key(self, name):
        return self.key(name).with_suffix(".pub")

    def kids(self, *names):
        """The key ids of these keys, sorted: a digest of the public key, as Kubernetes has made them since 1.14."""
        self_made = []
        for name in names:
            encoded = call("openssl", "pkey", "-pubin", "-in", self.public_key(name), "-outform", "DER")
            self_made.append(base64.urlsafe_b64encode(hashlib.sha256(encoded).digest()).decode().rstrip("="))
        return sorted(self_made)

    def path(self, name):
        return str(self.folder / name)

    def text(self, name):
        return (self.folder / name).read_text()

    def secrets(self):
        """Texts that must never be seen outside this folder."""
        private = [file.read_text().splitlines()[1] for file in self.folder.glob("*.key")]
        return [*self.tokens.values(), *private, *self.more_secrets]

    def user(self, name):
        """The `user` of a kubeconfig: somebody by token, or "chief" by certificate."""
        if name == "chief":
            return {"client-certificate": self.path("admin.crt"), "client-key": self.path("admin.key")}
        return {"token": self.tokens[name]}

    def kubeconfig(self, name, user, url=None):
        """Writes a kubeconfig (in JSON, which is YAML) for this user, a dictionary, and returns its path."""
        file = self.folder / f"kubeconfig-{name}"
        file.write_text(json.dumps({
            "apiVersion": "v1", "kind": "Config", "current-context": name,
            "clusters": [{"name": "real", "cluster": {"server": url or self.servers[-1].url,
                                                      "certificate-authority": self.path("ca.crt")}}],
            "users": [{"name": name, "user": user}],
            "contexts": [{"name": name, "context": {"cluster": "real", "user": name}}]}, indent=1))
        return str(file)

    # ---- the real kubectl ----

    def _kubectl_environment(self, user):
        environment = {"PATH": f"{self.binaries}:/usr/bin:/bin", "HOME": str(self.folder), "LANG": "C.UTF-8"}
        environment["KUBECONFIG"] = self.kubeconfig(f"kubectl-{user}", self.user(user))
        return environment

    def kubectl(self, *arguments, user="admin"):
        """Asks the newest API server; stdout as text."""
        return call(self.binaries / "kubectl", *arguments, env=self._kubectl_environment(user)).decode()

    def shell(self, line, user="admin"):
        """Runs a line as a user would who pastes it, with the real kubectl on PATH."""
        return call("bash", "-c", line, env=self._kubectl_environment(user)).decode()

    def service_account_token(self, namespace, name):
        """Makes both when they are not there."""
        for what in (["namespace", namespace], ["serviceaccount", name, "-n", namespace]):
            manifest = self.kubectl("create", *what, "--dry-run=client", "-o", "json")
            file = self.folder / "manifest.json"
            file.write_text(manifest)
            self.kubectl("apply", "-f", str(file))
        token = self.kubectl("create", "token", name, "-n", namespace).strip()
        self.more_secrets.append(token.rpartition(".")[2])
        return token

    # ---- the end ----

    def tails(self):
        return [f"{daemon.name}:\n{daemon.tail()}" for daemon in [self.etcd, *self.servers]]

    def stop(self):
        for server in reversed(self.servers):
            server.stop()
        self.etcd.stop()

    def kill(self):
        for daemon in [*self.servers, self.etcd]:
            daemon.kill()


class Balancer(socketserver.ThreadingTCPServer):
    """A load balancer for TCP: each new connection goes to the next of the servers."""

    daemon_threads = True

    def __init__(self, *servers):
        super().__init__(("127.0.0.1", 0), None)
        self.turn = itertools.cycle([server.port for server in servers])
        self.url = f"https://127.0.0.1:{self.server_address[1]}"
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def finish_request(self, request, client_address):
        try:
            with socket.create_connection(("127.0.0.1", next(self.turn)), timeout=20) as server:
                other = {request: server, server: request}
                while ready := select.select(other, [], [], 60)[0]:
                    for one in ready:
                        data = one.recv(65536)
                        if not data:
                            return
                        other[one].sendall(data)
        except OSError:
            pass  # One of the two has gone; the other sees the end of its connection.

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()
